using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Templates;

/// <summary>A template of the settings, and what is to be said of it.</summary>
/// <param name="Template">The template, or null when it is not right.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
/// <param name="Warning">What is probably not meant.</param>
internal sealed record CheckedTemplate(EventTemplate? Template, string? Problem, string? Warning)
{
    private const string Advice = "docs/handlers.md has the names and filters; see what it makes with: PointSimulator -- preview.";

    /// <summary>Reads a template and renders it for a sample of each type.</summary>
    public static CheckedTemplate Of(string text, IReadOnlyList<string> eventTypes)
    {
        var (template, problem) = EventTemplate.Parse(text);
        if (template is null)
            return new CheckedTemplate(null, $"is not a Liquid template: {problem} {Advice}", null);

        var undefined = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in TemplateSamples.TypesOf(eventTypes))
        {
            try
            {
                template.Render(TemplateSamples.Model(type), undefined);
            }
            catch (PermanentFailureException e)
            {
                return new CheckedTemplate(null, $"cannot be rendered for {type}: {e.Message} {Advice}", null);
            }
        }

        undefined.ExceptWith(EventModel.Names);
        return new CheckedTemplate(
            template,
            null,
            undefined.Count == 0 ? null
                : $"uses {string.Join(", ", undefined.Select(SettingsReader.Quoted))}, which no documented event has. {Advice}");
    }
}

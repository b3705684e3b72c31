using Fluid;
using Fluid.Values;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Handlers.Templates;

/// <summary>
/// A text with parts of an event in it, in Liquid: <c>{{ name }} is ready</c>. What an event does not have renders as nothing. Times are
/// UTC.
/// </summary>
internal sealed class EventTemplate
{
    private static readonly FluidParser Parser = new();
    private static readonly TemplateOptions Options = TemplateFilters.CreateOptions();

    private readonly IFluidTemplate template;

    private EventTemplate(IFluidTemplate template) => this.template = template;

    /// <summary>Reads a template; null and what is wrong with it, when it is none.</summary>
    public static (EventTemplate? Template, string? Problem) Parse(string text) => Parser.TryParse(text, out var parsed, out var error)
        ? (new EventTemplate(parsed), null)
        : (null, LogText.OneLine(error));

    /// <summary>A template that is known to be right.</summary>
    public static EventTemplate Of(string text) => new(Parser.Parse(text));

    /// <summary>The text for an event, without blanks around it.</summary>
    /// <exception cref="PermanentFailureException">It cannot be rendered for this event.</exception>
    public string Render(EventModel model) => Render(model, null);

    /// <summary>The text for an event on one line of a bounded length, as titles have to be.</summary>
    /// <exception cref="PermanentFailureException">It cannot be rendered for this event.</exception>
    public string RenderLine(EventModel model, int maxLength)
    {
        var words = Render(model).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return Cut(string.Join(' ', words), maxLength);
    }

    /// <summary>A text of a bounded length, with an ellipsis where something was left out; no surrogate pair is cut in two.</summary>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength)
            return text;
        var end = maxLength - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <param name="undefined">Takes the names that it uses and the event does not have.</param>
    internal string Render(EventModel model, ISet<string>? undefined)
    {
        var context = new TemplateContext(Options);
        foreach (var (name, value) in model.Values)
            context.SetValue(name, FluidValue.Create(value, Options));
        if (undefined is not null)
        {
            context.Undefined = name =>
            {
                undefined.Add(name);
                return new ValueTask<FluidValue>(NilValue.Instance);
            };
        }

        try
        {
            return template.Render(context).Trim();
        }
        // A template is code of whoever wrote the settings: whatever it runs into is an error of the template.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new PermanentFailureException($"A template of this handler failed: {LogText.OneLine(e.Message)}", e);
        }
    }
}

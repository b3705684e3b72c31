using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>The mistakes in the settings that keep the app from starting.</summary>
public static class SettingsErrors
{
    /// <summary>The mistakes that an exception at start tells of, in one section or in several; none if it is about something else.</summary>
    public static IReadOnlyList<string> In(Exception exception) => exception switch
    {
        OptionsValidationException section => [.. section.Failures],
        AggregateException sections => [.. sections.InnerExceptions.SelectMany(In)],
        _ => [],
    };
}

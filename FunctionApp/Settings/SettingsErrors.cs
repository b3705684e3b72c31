using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>The mistakes in the settings that keep the app from starting.</summary>
public static class SettingsErrors
{
    /// <summary>The mistakes an exception at start is about: of one section, or of several together; none if it is about other things.</summary>
    public static IReadOnlyList<string> In(Exception exception) => exception switch
    {
        OptionsValidationException section => [.. section.Failures],
        AggregateException sections => [.. sections.InnerExceptions.SelectMany(In)],
        _ => [],
    };
}

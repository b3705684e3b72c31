using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>
/// Settings are wrong, and the app does not start. The message lists all that is wrong, with the name of each setting and what to
/// put there; no value in it that may be a secret.
/// </summary>
public sealed class SettingsException(IReadOnlyList<string> failures)
    : OptionsValidationException(nameof(Settings), typeof(SettingsReader), failures)
{
    /// <inheritdoc/>
    public override string Message =>
        "The settings are not right. (In environment variables and app settings, write __ for each : in a name.)\n"
        + string.Join('\n', Failures.Select(failure => $"- {failure}"));
}

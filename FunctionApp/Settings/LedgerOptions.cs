namespace PointWebhooks.Settings;

/// <summary>Section <c>Ledger</c>: how long events are remembered.</summary>
public sealed record LedgerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Ledger";

    /// <summary>
    /// How many days a finished event is kept, 1 to 3650. An event made longer ago than this is refused, because whether it
    /// took effect before is no longer known.
    /// </summary>
    public int RetentionDays { get; init; } = 90;

    /// <summary><see cref="RetentionDays"/> as a time.</summary>
    public TimeSpan Retention => TimeSpan.FromDays(RetentionDays);

    internal static LedgerOptions Read(SettingsReader settings) => new()
    {
        RetentionDays = settings.Number(
            $"{Section}:{nameof(RetentionDays)}", 1, 3650, new LedgerOptions().RetentionDays, "a number of days"),
    };
}

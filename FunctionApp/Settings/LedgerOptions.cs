namespace PointWebhooks.Settings;

/// <summary>Section <c>Ledger</c>: how long the content of events is kept.</summary>
public sealed record LedgerOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Ledger";

    /// <summary>
    /// How many days the content of a finished event is kept, 1 to 3650. Its id is kept for good, so that the event never takes
    /// effect a second time.
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

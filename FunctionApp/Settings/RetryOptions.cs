using System.Globalization;

namespace PointWebhooks.Settings;

/// <summary>Section <c>Retry</c>: when a failed event is tried again.</summary>
public sealed record RetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Retry";

    private const string WhatToPut =
        "Set it to a time from 00:00:01 to 6.00:00:00, such as 00:05:00 for five minutes or 1.00:00:00 for a day.";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    // A queue hides a message for seven days at most.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    // Not TimeSpan.Parse, to which 24:00:00 is 24 days and 10 is 10 days.
    private static readonly string[] Formats = [@"h\:mm\:ss", @"d\.h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF", @"d\.h\:mm\:ss\.FFFFFFF"];

    /// <summary>
    /// The pauses before the second attempt, the third and so on, 1 s to 6 days each; after the attempt that follows the last, an
    /// event is dead. By default an outage of a day downstream loses nothing.
    /// </summary>
    public IReadOnlyList<TimeSpan> Schedule { get; init; } =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(12), TimeSpan.FromHours(24),
    ];

    internal static RetryOptions Read(SettingsReader settings)
    {
        var schedule = settings.List($"{Section}:{nameof(Schedule)}").Select(entry => Pause(settings, entry)).ToList();
        return schedule.Count == 0 ? new RetryOptions() : new RetryOptions { Schedule = schedule };
    }

    private static TimeSpan Pause(SettingsReader settings, SettingEntry entry)
    {
        var isTime = TimeSpan.TryParseExact(entry.Text, Formats, CultureInfo.InvariantCulture, out var pause);
        if (!isTime || pause < Shortest || pause > Longest)
            settings.Fail(entry.Setting, $"is {SettingsReader.Quoted(entry.Text)}. {WhatToPut}");
        return pause;
    }
}

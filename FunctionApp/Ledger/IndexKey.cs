using System.Text.RegularExpressions;

namespace PointWebhooks.Ledger;

/// <summary>
/// The row key of an event's index row. Every event has exactly one, in its own partition, written in the same transaction as
/// the state it mirrors: <c>open|{due}|{hash}</c>, <c>dead|{died}|{hash}</c> or <c>done|{completed}|{hash}</c>. The time makes
/// the rows sort: open events most overdue first, finished ones latest first.
/// </summary>
public static partial class IndexKey
{
    /// <summary>The prefix of events that are still to be processed, in the order in which they fall due.</summary>
    public const string Open = "open|";

    /// <summary>The prefix of dead events, latest first.</summary>
    public const string Dead = "dead|";

    /// <summary>The prefix of completed events, latest first.</summary>
    public const string Done = "done|";

    /// <summary>The index row of an event in its present state.</summary>
    public static string Of(LedgerEvent ledgerEvent) =>
        $"{Prefix(ledgerEvent.State)}{Ticks(ledgerEvent.State, ledgerEvent.DueAt):D19}|{LedgerKey.Of(ledgerEvent.IdempotencyKey).RowKey}";

    /// <summary>The prefix under which events of a state are found.</summary>
    public static string Prefix(EventState state) => state switch
    {
        EventState.Dead => Dead,
        EventState.Completed => Done,
        _ => Open,
    };

    /// <summary>The first row key after every key of a prefix.</summary>
    public static string EndOf(string prefix) => prefix[..^1] + (char)(prefix[^1] + 1);

    /// <summary>The start of the events of a finished state that finished before a time.</summary>
    public static string FinishedBefore(string prefix, DateTimeOffset time) =>
        $"{prefix}{DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks + 1:D19}|";

    /// <summary>The row key of the event that an index row is of.</summary>
    public static string EventRowKey(string indexKey) => indexKey[(indexKey.LastIndexOf('|') + 1)..];

    /// <summary>Whether a text may be an index row's key.</summary>
    public static bool IsIndexKey(string text) => Pattern().IsMatch(text);

    [GeneratedRegex(@"^(open|dead|done)\|[0-9]{19}\|[0-9a-f]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    private static long Ticks(EventState state, DateTimeOffset time) =>
        Prefix(state) == Open ? time.UtcTicks : DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks;
}

namespace PointWebhooks.Ledger;

/// <summary>The step of a history that says that a handler gave up, and why.</summary>
internal static class GaveUpStep
{
    private const string Separator = " gave up: ";

    /// <summary>What the history says of it.</summary>
    public static string Of(string handler, string error) => handler + Separator + error;

    /// <summary>The handler of such a step and what it said, or null of any other.</summary>
    public static (string Handler, string Error)? Read(HistoryEntry entry)
    {
        if (entry is not { State: EventState.Processing, Detail: { } detail })
            return null;
        var end = detail.IndexOf(Separator, StringComparison.Ordinal);
        // What a handler did, which it says after a colon, may have these words in it.
        return end > 0 && !detail[..end].Contains(": ", StringComparison.Ordinal) ? (detail[..end], detail[(end + Separator.Length)..]) : null;
    }
}

namespace PointWebhooks.Ledger;

/// <summary>The step of a history that says for which paused handlers the event waits from then on.</summary>
internal static class WaitStep
{
    private const string Beginning = "waits for ";
    private const string Separator = ", ";

    /// <summary>What the history says of it.</summary>
    public static string Of(IEnumerable<string> handlers) => Beginning + string.Join(Separator, handlers);

    /// <summary>The handlers of such a step, or null of any other.</summary>
    public static IReadOnlyList<string>? HandlersOf(HistoryEntry entry) =>
        entry is { State: EventState.Received or EventState.Retrying, Detail: { } detail }
        && detail.StartsWith(Beginning, StringComparison.Ordinal)
            ? detail[Beginning.Length..].Split(Separator)
            : null;
}

using System.Text;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>A range of index rows, the same in every partition.</summary>
/// <param name="Prefix">What all their keys begin with.</param>
/// <param name="From">The first key, included.</param>
/// <param name="Until">The last key, excluded.</param>
/// <param name="Condition">What its rows must meet, so that others are not read; or null.</param>
internal sealed record IndexRange(string Prefix, string From, string Until, string? Condition = null);

/// <summary>
/// The index rows of an event, in its own partition, written in one transaction with the state they mirror. Their keys sort, so
/// that what is overdue, dead, latest, of one type or of one workspace is a range read at any size. An open event has one row,
/// <c>open|{time to look}|{id}</c>, with what a listing asks for in its columns: there are few of them, and a sender waits for the insert.
/// One that finished has three: <c>dead|{finished, latest first}|{id}</c> or <c>done|…</c>, the same as <c>dead.{type}|…</c>, and
/// <c>name.{workspace}|{received, latest first}|{id}</c> where the workspace has a name. A claim and its renewals move nothing.
/// </summary>
internal static partial class EventIndex
{
    /// <summary>The group of events that are still to be processed, in the order in which the relay looks at them.</summary>
    public const string Open = "open";

    /// <summary>The group of dead events, latest first.</summary>
    public const string Dead = "dead";

    /// <summary>The group of completed events, latest first.</summary>
    public const string Done = "done";

    private const string NamePrefix = "name.";
    private const string NameColumn = "Name";

    // In bytes of UTF-8: longer names share a range, and are told apart when the event is read.
    private const int IndexedName = 64;

    /// <summary>The group of an event in a state.</summary>
    public static string GroupOf(EventState state) => state switch
    {
        EventState.Dead => Dead,
        EventState.Completed => Done,
        _ => Open,
    };

    /// <summary>The prefix of a group, or of those of one type in a finished one.</summary>
    public static string Prefix(string group, string? type = null) => type is null ? $"{group}|" : $"{group}.{EventId.HashOfType(type)}|";

    /// <summary>The rows of a finished group, or of those of one type in it, that finished in a time.</summary>
    /// <param name="since">The first time, or null.</param>
    /// <param name="until">The time after the last, or null.</param>
    public static IndexRange Finished(string group, string? type, DateTimeOffset? since = null, DateTimeOffset? until = null)
    {
        var prefix = Prefix(group, type);
        // Latest first: a range ends with the earliest. The tilde sorts behind what follows a time in a key.
        return new IndexRange(
            prefix,
            until is { } end ? $"{prefix}{Inverse(end):D19}~" : prefix,
            since is { } start ? $"{prefix}{Inverse(start):D19}~" : PointTable.EndOf(prefix));
    }

    /// <summary>The rows of finished events of workspaces whose name begins with a text.</summary>
    public static IndexRange Named(string beginning)
    {
        var prefix = NamePrefix + NameHex(beginning);
        return new IndexRange(prefix, prefix, PointTable.EndOf(prefix));
    }

    /// <summary>Whether the index holds all of the beginning of a name; of a longer one it holds the first bytes, which others may share.</summary>
    public static bool TellsApart(string beginning) => Folded(beginning).Length <= IndexedName;

    /// <summary>
    /// The rows of open events. Those that are being processed are among those of the state that they had before: a claim does not move them.
    /// </summary>
    /// <param name="state">Received or Retrying, or null for both.</param>
    /// <param name="type">Their type, or null.</param>
    /// <param name="name">What the name of their workspace begins with, or null.</param>
    public static IndexRange Opened(EventState? state = null, string? type = null, string? name = null)
    {
        var names = name is null ? null : Named(name);
        var condition = string.Join(" and ", new[]
        {
            state is null ? null : TableClient.CreateQueryFilter($"State eq {state.ToString()}"),
            type is null ? null : TableClient.CreateQueryFilter($"Type eq {EventId.HashOfType(type)}"),
            names is null ? null : TableClient.CreateQueryFilter($"Name ge {names.From} and Name lt {names.Until}"),
        }.OfType<string>());
        var prefix = Prefix(Open);
        return new IndexRange(prefix, prefix, PointTable.EndOf(prefix), condition.Length == 0 ? null : condition);
    }

    /// <summary>
    /// The index rows of an event. Only its own row says what it is; these hold what the relay measures, the state without the claims,
    /// which do not touch them, the paused handlers that it waits for, and nothing of a person.
    /// </summary>
    public static IEnumerable<TableEntity> RowsOf(LedgerEvent ledgerEvent)
    {
        foreach (var key in KeysOf(ledgerEvent))
        {
            var row = new TableEntity(ledgerEvent.Id.Partition, key) { [nameof(LedgerEvent.ReceivedAt)] = ledgerEvent.ReceivedAt };
            if (ledgerEvent.IsOpen)
            {
                row[nameof(LedgerEvent.State)] = (ledgerEvent switch
                {
                    { State: not EventState.Processing } => ledgerEvent.State,
                    { Attempts: 0 } => EventState.Received,
                    _ => EventState.Retrying,
                }).ToString();
                row[nameof(LedgerEvent.Type)] = EventId.HashOfType(ledgerEvent.Type);
                if (HasName(ledgerEvent))
                    row[NameColumn] = Named(ledgerEvent.WorkspaceName!).Prefix;
                if (ledgerEvent.WaitsFor.Length > 0)
                    row[nameof(LedgerEvent.WaitsFor)] = string.Join('\n', ledgerEvent.WaitsFor);
            }

            yield return row;
        }
    }

    /// <summary>The keys of an event's index rows.</summary>
    public static IReadOnlyList<string> KeysOf(LedgerEvent ledgerEvent)
    {
        var group = GroupOf(ledgerEvent.State);
        var id = ledgerEvent.Id;
        if (group == Open)
            return [$"{Prefix(Open)}{ledgerEvent.CheckAt.UtcTicks:D19}|{id}"];
        var rest = $"{Inverse(ledgerEvent.FinishedAt ?? ledgerEvent.CheckAt):D19}|{id}";
        return
        [
            Prefix(group) + rest,
            Prefix(group, ledgerEvent.Type) + rest,
            .. HasName(ledgerEvent)
                ? [$"{Named(ledgerEvent.WorkspaceName!).Prefix}|{Inverse(ledgerEvent.ReceivedAt):D19}|{id}"]
                : Array.Empty<string>(),
        ];
    }

    /// <summary>The start of the events of a finished group that finished at a time or before.</summary>
    public static string FinishedBy(string group, DateTimeOffset time) => $"{group}|{Inverse(time):D19}|";

    /// <summary>When the event of an index row was received, or null when the row does not say.</summary>
    public static DateTimeOffset? ReceivedAtOf(TableEntity row) =>
        row.ValueOf<DateTimeOffset?>(nameof(LedgerEvent.ReceivedAt));

    /// <summary>The paused handlers that the event of an index row waits for; none where it waits for none.</summary>
    public static IReadOnlyList<string> WaitsForOf(TableEntity row) =>
        (row.ValueOf<string>(nameof(LedgerEvent.WaitsFor)) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>When the event of an index row of a finished group finished, or null for a row of another group.</summary>
    public static DateTimeOffset? FinishedAtOf(string rowKey) =>
        !rowKey.StartsWith(Open, StringComparison.Ordinal)
        && rowKey.Split('|') is [_, var ticks, _]
        && long.TryParse(ticks, out var inverse)
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - inverse, TimeSpan.Zero)
            : null;

    /// <summary>Whether the relay is to look at the open event of an index row by now.</summary>
    public static bool IsDue(string rowKey, DateTimeOffset now) =>
        string.CompareOrdinal(rowKey, $"{Prefix(Open)}{now.UtcTicks:D19}|~") <= 0;

    /// <summary>The event that an index row is of, or null for a row key that is none of the index's.</summary>
    public static EventId? IdOf(string rowKey) => Pattern().IsMatch(rowKey)
        ? EventId.TryParse(rowKey[(rowKey.LastIndexOf('|') + 1)..])
        : null;

    /// <summary>The key of an index row as the log may have it: without the name of a workspace.</summary>
    public static string Nameless(string rowKey) =>
        rowKey.StartsWith(NamePrefix, StringComparison.Ordinal) && rowKey.IndexOf('|') is var end and > 0 ? $"{NamePrefix}…{rowKey[end..]}" : rowKey;

    private static long Inverse(DateTimeOffset time) => DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks;

    private static bool HasName(LedgerEvent ledgerEvent) => !string.IsNullOrWhiteSpace(ledgerEvent.WorkspaceName);

    // In upper case, by which names are compared without regard to case: some letters have one there and two in lower case.
    private static byte[] Folded(string name) => Encoding.UTF8.GetBytes(name.Trim().ToUpperInvariant());

    private static string NameHex(string name)
    {
        var bytes = Folded(name);
        return Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, IndexedName)));
    }

    [GeneratedRegex(
        @"^(open|(dead|done)(\.[0-9a-f]{12})?|name\.[0-9a-f]{2,128})\|[0-9]{19}\|[0-9a-f]{40}-[0-9a-f]{12}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}

using System.Collections.Immutable;
using System.Text.Json;
using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Ledger;

/// <summary>
/// Reads the columns of one row. A column of another type than expected, as an edit by hand or another version may leave it, is a
/// <see cref="FormatException"/> that names the column and does not quote it.
/// </summary>
internal readonly struct RowReader(TableEntity row)
{
    public EventState State()
    {
        var text = Required(nameof(LedgerEvent.State));
        // Not Enum.TryParse alone: it takes numbers, too.
        return Enum.TryParse<EventState>(text, out var state) && state.ToString() == text
            && state is not (EventState.Forgotten or EventState.Unreadable)
            ? state
            : throw new FormatException("This version knows no such state as its column State holds.");
    }

    public string Required(string column) => Text(column) ?? throw Missing(column);

    public string? Text(string column) => Value<string>(column) is { Length: > 0 } text ? text : null;

    public DateTimeOffset? Time(string column) => row.TryGetValue(column, out var value) && value is DateTimeOffset time
        ? time
        : Value<DateTime?>(column) is { } utc ? new DateTimeOffset(utc, TimeSpan.Zero) : null;

    public int Number(string column) => Value<int?>(column) ?? 0;

    public ImmutableArray<string> Names(string column) =>
        [.. (Text(column) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    public byte[]? Body(bool isRequired) =>
        BodyColumns.Read(row) ?? (isRequired ? throw Missing(BodyColumns.Length) : null);

    public ImmutableArray<HistoryEntry> History()
    {
        if (Text(nameof(LedgerEvent.History)) is not { } text)
            return [];
        try
        {
            return JsonSerializer.Deserialize(text, LedgerRows.HistoryJson.Default.ImmutableArrayHistoryEntry);
        }
        catch (JsonException)
        {
            // Not passed on: its message may quote an error of a handler. The event can be processed without its history.
            return [];
        }
    }

    public static FormatException Missing(string column) => new($"Its column {column} is missing.");

    private T? Value<T>(string column) =>
        !row.TryGetValue(column, out var value) || value is null ? default
        : value is T typed ? typed
        : throw new FormatException($"Its column {column} has another type.");
}

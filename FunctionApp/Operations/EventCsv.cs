using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>
/// Events for a spreadsheet: CSV (RFC 4180) in UTF-8 with a byte order mark, by which spreadsheets know it. A text that a spreadsheet
/// would take for a formula begins with an apostrophe, also where one that expects another separator would begin a cell (OWASP, CSV
/// injection).
/// </summary>
internal static partial class EventCsv
{
    private const string ByteOrderMark = "\uFEFF";

    private static readonly string[] Header =
    [
        "id", "idempotencyKey", "type", "state", "receivedAt", "nextAttemptAt", "finishedAt", "attempts", "workspaceName",
        "workspaceKind", "error", "waitsFor",
    ];

    public static string Of(IEnumerable<EventSummary> events)
    {
        var text = new StringBuilder(ByteOrderMark);
        Add(text, Header);
        foreach (var one in events)
        {
            Add(text,
            [
                one.Id, one.IdempotencyKey, one.Type, one.State.ToString(),
                Time(one.ReceivedAt), Time(one.NextAttemptAt), Time(one.FinishedAt),
                one.Attempts.ToString(CultureInfo.InvariantCulture), one.WorkspaceName, one.WorkspaceKind, one.Error,
                string.Join(' ', one.WaitsFor ?? []),
            ]);
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, IEnumerable<string?> fields) =>
        text.AppendJoin(
            ',', fields.Select(field => $"\"{Harmless(field ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append("\r\n");

    // Also behind blanks, which spreadsheets pass over, and in the full width of Asian scripts.
    private static string Harmless(string field)
    {
        var inner = FormulaInside().Replace(field, "$1'$2");
        return field.TrimStart(' ') is [var first, ..] && "=+-@\t\r\n＝＋－＠".Contains(first, StringComparison.Ordinal) ? "'" + inner : inner;
    }

    // Where lists are written with semicolons, quotes that follow the first comma protect nothing.
    [GeneratedRegex("([;\\t\\r\\n][ \"]*)([=+\\-@＝＋－＠])", RegexOptions.NonBacktracking)]
    private static partial Regex FormulaInside();

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using PointWebhooks.Processing;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Tells from a request to storage which step of the app it is.</summary>
internal sealed partial class StorageSteps
{
    // A client repeats a write as it was: it stays the same step.
    private readonly ConcurrentDictionary<string, string> writes = [];
    private readonly ConcurrentDictionary<string, string> histories = [];

    /// <summary>The name of the step.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="target">Its path and query, path-style: <c>/account/queue/messages?…</c>, <c>/account/pointevents(…)</c>.</param>
    /// <param name="body">Its body.</param>
    public string NameOf(string method, string target, string body) =>
        IsTable(target) ? Table(method, Uri.UnescapeDataString(target), body) : Queue(method, target);

    /// <summary>Whether the request is one to the tables.</summary>
    public static bool IsTable(string target) => TablePath().IsMatch(target);

    private static string Queue(string method, string target)
    {
        var step = (method, target.Contains("/messages", StringComparison.Ordinal)) switch
        {
            ("POST", true) => DelayedPattern().IsMatch(target) ? "send-later" : "send",
            ("GET", true) => target.Contains("peekonly=true", StringComparison.Ordinal) ? "peek" : "receive",
            ("DELETE", true) => "delete-message",
            ("PUT", true) => "update-message",
            ("PUT", false) => "create-queue",
            _ => "describe-queue",
        };
        return target.Contains("-poison", StringComparison.Ordinal) ? $"poison-{step}" : step;
    }

    private string Table(string method, string target, string body) => (method, target) switch
    {
        ("GET", var read) when !read.Contains("(PartitionKey=", StringComparison.Ordinal) => "query",
        // What looks for its own write asks for the id of the write alone, or with the hash of the body.
        ("GET", var read) when read.Contains("$select=WriteId", StringComparison.Ordinal) => "read-write-id",
        ("GET", _) => "read",
        ("POST", var batch) when batch.Contains("$batch", StringComparison.Ordinal) => Write(body),
        ("PATCH", _) => Write(body),
        ("POST", var create) when create.Contains("/Tables", StringComparison.Ordinal) => "create-table",
        _ => $"table-{method}",
    };

    private string Write(string request)
    {
        // The event's row comes first; its index rows, if they have moved, follow.
        if (RowPattern().Match(request) is not { Success: true } row)
            return "remove";
        var written = JsonDocument.Parse(row.Value).RootElement;
        return written.TryGetProperty("WriteId", out var writeId)
            ? writes.GetOrAdd(writeId.GetString()!, _ => Write(written))
            : "other-write";
    }

    private string Write(JsonElement row)
    {
        var (key, history) = (row.GetProperty("RowKey").GetString()!, row.GetProperty("History").GetString()!);
        var before = histories.GetValueOrDefault(key);
        histories[key] = history;
        if (row.TryGetProperty("IdempotencyKey", out _))
            return "insert";
        // What leaves the history as it was is the renewal of a lease, or puts off the relay's next look once more.
        if (before == history)
            return row.GetProperty("State").GetString() == "Processing" ? "renew" : "postpone";

        var lastEntry = JsonDocument.Parse(history).RootElement.EnumerateArray().Last();
        var detail = lastEntry.TryGetProperty("detail", out var text) ? text.GetString() : null;
        return (row.GetProperty("State").GetString(), detail) switch
        {
            ("Processing", null) => "claim",
            ("Processing", _) => "record",
            ("Completed", _) => "complete",
            ("Dead", _) => "die",
            (_, EventRelay.Overdue) => "postpone",
            (_, "released") => "release",
            (_, "replayed") => "replay",
            _ => "retry",
        };
    }

    [GeneratedRegex(@"^/[^/]+/(point[a-z]+(\(|\?|$)|\$batch|Tables)", RegexOptions.CultureInvariant)]
    private static partial Regex TablePath();

    [GeneratedRegex("[?&]visibilitytimeout=[1-9]", RegexOptions.CultureInvariant)]
    private static partial Regex DelayedPattern();

    [GeneratedRegex(@"^\{.*\}\r?$", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex RowPattern();
}

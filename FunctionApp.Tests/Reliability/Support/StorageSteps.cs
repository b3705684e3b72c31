using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>Tells from a request to storage which step of the app it is.</summary>
public sealed partial class StorageSteps
{
    // The writes that made an owner appear: the first is its claim, the ones after it are about the claimed event.
    private readonly ConcurrentDictionary<string, string> claims = [];

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
        var isPoison = target.Contains("-poison", StringComparison.Ordinal);
        var step = (method, target.Contains("/messages", StringComparison.Ordinal)) switch
        {
            ("POST", true) => DelayedPattern().IsMatch(target) ? "send-later" : "send",
            ("GET", true) => target.Contains("peekonly=true", StringComparison.Ordinal) ? "peek" : "receive",
            ("DELETE", true) => "delete-message",
            ("PUT", true) => "update-message",
            ("PUT", false) => "create-queue",
            _ => "describe-queue",
        };
        return isPoison ? $"poison-{step}" : step;
    }

    private string Table(string method, string target, string body) => (method, target) switch
    {
        ("GET", var read) when !read.Contains("pointevents(PartitionKey", StringComparison.Ordinal) => "query",
        ("GET", var read) when read.Contains("History", StringComparison.Ordinal) || !read.Contains("$select", StringComparison.Ordinal) => "read",
        ("GET", _) => "read-write-id",
        ("POST", var batch) when batch.Contains("$batch", StringComparison.Ordinal) => Write(body),
        ("POST", var create) when create.Contains("/Tables", StringComparison.Ordinal) => "create-table",
        _ => $"table-{method}",
    };

    private string Write(string batch)
    {
        if (!batch.Contains("PATCH ", StringComparison.Ordinal) && !batch.Contains("MERGE ", StringComparison.Ordinal))
            return batch.Contains("POST ", StringComparison.Ordinal) ? "insert" : "remove";

        // The first row is the event's; its index row, if it moves, follows.
        var (state, owner, writeId) = (Column(batch, "State"), Column(batch, "Owner"), Column(batch, "WriteId"));
        if (state != "Processing")
            return state switch { "Completed" => "complete", "Retrying" => "retry", "Dead" => "die", _ => "reopen" };
        if (claims.GetOrAdd(owner, writeId) == writeId)
            return "claim";
        return batch.Contains("DELETE ", StringComparison.Ordinal) ? "renew" : "record";
    }

    private static string Column(string batch, string name) =>
        Regex.Match(batch, $"\"{name}\":\"([^\"]*)\"", RegexOptions.CultureInvariant) is { Success: true } match ? match.Groups[1].Value : "";

    [GeneratedRegex(@"^/[^/]+/(pointevents|\$batch|Tables)", RegexOptions.CultureInvariant)]
    private static partial Regex TablePath();

    [GeneratedRegex("[?&]visibilitytimeout=[1-9]", RegexOptions.CultureInvariant)]
    private static partial Regex DelayedPattern();
}

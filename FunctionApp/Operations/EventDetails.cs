using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>One event as an operator sees it. Times are UTC. Of an event without content only id and state are there.</summary>
/// <param name="NextAttemptAt">When the next attempt begins, after one that failed.</param>
/// <param name="LeaseUntil">Until when an instance has it for processing.</param>
/// <param name="FinishedAt">When it was completed or given up on.</param>
/// <param name="Attempts">How many attempts have failed.</param>
/// <param name="LastError">What the last of them said; or why the event cannot be read.</param>
/// <param name="Done">The handlers that have finished.</param>
/// <param name="GivenUp">The handlers that have given up on it.</param>
/// <param name="History">What happened, oldest first.</param>
/// <param name="TraceParent">The W3C trace context of the request that brought it.</param>
/// <param name="TraceLink">Where Application Insights shows that trace, where it is configured.</param>
/// <param name="Body">The body, when it is JSON that can be shown (<see cref="ReadableBody"/>).</param>
/// <param name="BodyText">The body as text, when it is not.</param>
/// <param name="BodyBase64">The body's bytes, when it is not or does not say all that they do.</param>
internal sealed record EventDetails(
    string Id,
    EventState State,
    string? IdempotencyKey = null,
    string? Type = null,
    string? WorkspaceName = null,
    string? WorkspaceKind = null,
    DateTimeOffset? ReceivedAt = null,
    DateTimeOffset? NextAttemptAt = null,
    DateTimeOffset? LeaseUntil = null,
    DateTimeOffset? FinishedAt = null,
    int? Attempts = null,
    string? LastError = null,
    IReadOnlyList<string>? Done = null,
    IReadOnlyList<string>? GivenUp = null,
    IReadOnlyList<HistoryEntry>? History = null,
    string? TraceParent = null,
    string? TraceLink = null,
    JsonElement? Body = null,
    string? BodyText = null,
    byte[]? BodyBase64 = null)
{
    /// <summary>The paused handlers that it waits for; null of an event that waits for none.</summary>
    public IReadOnlyList<string>? WaitsFor { get; init; }

    /// <summary>Shows an event that was read with its body.</summary>
    internal static EventDetails Of(FoundEvent found, TraceLinks traces)
    {
        if (found.Event is not { } read)
        {
            var state = found.Finding == Finding.Forgotten ? EventState.Forgotten : EventState.Unreadable;
            return new EventDetails(found.Id!.Value.Value, state, LastError: found.Why);
        }

        var body = read.Body is { } bytes ? ReadableBody.Of(bytes) : null;
        return new EventDetails(
            read.Id.Value,
            read.State,
            read.IdempotencyKey,
            read.Type,
            read.WorkspaceName,
            read.WorkspaceKind,
            read.ReceivedAt,
            read.NotBefore,
            read.LeaseUntil,
            read.FinishedAt,
            read.Attempts,
            read.LastError,
            read.Done,
            read.GivenUp,
            read.History,
            read.TraceParent,
            traces.Of(read),
            body?.Json,
            body?.Text,
            body is { IsExact: false } ? read.Body?.ToArray() : null)
        {
            WaitsFor = read.WaitsFor is { Length: > 0 } handlers ? handlers : null,
        };
    }
}

using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Operations;

/// <summary>What an event that an operator asks for turns out to be.</summary>
/// <param name="Finding">What stands there.</param>
/// <param name="Id">The event's id, unless there is none.</param>
/// <param name="Event">The event, when this version can read it and its content is there.</param>
/// <param name="Why">Why it cannot be read.</param>
/// <param name="Ambiguous">The ids of all events of a key that several have.</param>
internal sealed record FoundEvent(
    Finding Finding, EventId? Id = null, LedgerEvent? Event = null, string? Why = null, IReadOnlyList<string>? Ambiguous = null);

/// <summary>The result of an operator's change of an event.</summary>
internal enum ChangeOutcome
{
    /// <summary>The event is open again.</summary>
    Replayed,

    /// <summary>The event's content is gone.</summary>
    Erased,

    /// <summary>The event is still open: it is being processed.</summary>
    Open,

    /// <summary>The event is completed, and a replay of a completed one was not asked for.</summary>
    Completed,

    /// <summary>The event's content is gone, or its row cannot be read.</summary>
    Gone,
}

/// <summary>The answer to an operator's change of one event.</summary>
internal sealed record ChangeAnswer(ChangeOutcome Outcome, string Id, EventState State);

/// <summary>The result of a replay of dead events.</summary>
/// <param name="Replayed">How many are open again.</param>
/// <param name="Skipped">How many were replayed by another request meanwhile.</param>
/// <param name="More">Whether dead events remain that the query names.</param>
internal sealed record ReplayReport(int Replayed, int Skipped, bool More);

/// <summary>What operators do with events: look, list, replay, erase.</summary>
internal sealed partial class EventOperations(
    EventLedger ledger, LedgerListing listing, LedgerRepair repair, EventQueues queues, ILogger<EventOperations> logger)
{
    private const int Parallelism = 8;

    /// <summary>Finds an event by its id, or by its key where only one event has it.</summary>
    public async Task<FoundEvent> FindAsync(string idOrKey, bool withBody, CancellationToken cancellationToken)
    {
        if (EventId.TryParse(idOrKey) is { } id)
        {
            var (finding, found, why) = await ledger.FindAsync(id, withBody, cancellationToken);
            if (found is not null)
                found = await repair.RestoreAsync(found);
            if (finding != Finding.Nothing)
                return new FoundEvent(finding, id, found, why);
        }

        var ofKey = await listing.IdsOfKeyAsync(idOrKey, cancellationToken);
        return ofKey.Count switch
        {
            0 => new FoundEvent(Finding.Nothing),
            1 => await FindAsync(ofKey[0].Value, withBody, cancellationToken),
            _ => new FoundEvent(Finding.Nothing, Ambiguous: [.. ofKey.Select(one => one.Value)]),
        };
    }

    public Task<EventPage> ListAsync(EventQuery query, CancellationToken cancellationToken) =>
        listing.ListAsync(query.Filter, query.Take, query.Continuation, cancellationToken);

    /// <summary>Has a finished event processed again.</summary>
    /// <param name="includeCompleted">Whether to do so although it is completed: then every handler runs again.</param>
    public async Task<ChangeAnswer> ReplayAsync(FoundEvent found, bool includeCompleted)
    {
        if (found.Event is not { } finished)
            return Answer(ChangeOutcome.Gone, found);
        if (finished.IsOpen)
            return Answer(ChangeOutcome.Open, found);
        if (finished.State == EventState.Completed && !includeCompleted)
            return Answer(ChangeOutcome.Completed, found);
        if (await ledger.ReopenAsync(finished) is not { } reopened)
            return Answer(ChangeOutcome.Open, found);

        using var scope = logger.BeginEventScope(reopened.Id.Value, reopened.Type, reopened.IdempotencyKey);
        LogReplayed(reopened.Id.Value);
        await queues.TrySendAsync(EventMessage.Of(reopened));
        return Answer(ChangeOutcome.Replayed, found with { Event = reopened });
    }

    /// <summary>Replays dead events, latest first.</summary>
    public async Task<ReplayReport> ReplayDeadAsync(EventQuery query, CancellationToken cancellationToken)
    {
        var dead = await ListAsync(query, cancellationToken);
        var replayed = 0;
        foreach (var batch in dead.Events.Chunk(Parallelism))
        {
            cancellationToken.ThrowIfCancellationRequested();
            replayed += (await Task.WhenAll(batch.Select(one => ReplayAsync(one, cancellationToken)))).Count(done => done);
        }

        return new ReplayReport(replayed, dead.Events.Count - replayed, dead.Continuation is not null);
    }

    /// <summary>Erases the content of a finished event, for a person who asks to be forgotten, and leaves its id.</summary>
    public async Task<ChangeAnswer> EraseAsync(FoundEvent found)
    {
        if (found.Event is not { } finished)
            return Answer(ChangeOutcome.Gone, found);
        if (finished.IsOpen || !await ledger.ForgetAsync(finished))
            return Answer(ChangeOutcome.Open, found);
        LogErased(finished.Id.Value);
        return new ChangeAnswer(ChangeOutcome.Erased, finished.Id.Value, EventState.Forgotten);
    }

    private async Task<bool> ReplayAsync(EventSummary dead, CancellationToken cancellationToken) =>
        await ReplayAsync(await FindAsync(dead.Id, withBody: false, cancellationToken), includeCompleted: false)
            is { Outcome: ChangeOutcome.Replayed };

    private static ChangeAnswer Answer(ChangeOutcome outcome, FoundEvent found) => new(
        outcome,
        found.Id!.Value.Value,
        found.Event?.State ?? (found.Finding == Finding.Forgotten ? EventState.Forgotten : EventState.Unreadable));

    [LoggerMessage(71, LogLevel.Information, "Replaying event {PointEvent}.")]
    private partial void LogReplayed(string pointEvent);

    [LoggerMessage(74, LogLevel.Information, "Erased the content of event {PointEvent} on request.")]
    private partial void LogErased(string pointEvent);
}

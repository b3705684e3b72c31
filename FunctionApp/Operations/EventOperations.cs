using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
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

/// <summary>What operators do with events: look, list, replay, give up, erase.</summary>
internal sealed partial class EventOperations(
    EventLedger ledger,
    LedgerListing listing,
    LedgerRepair repair,
    EventQueues queues,
    IEnumerable<HandlerRegistration> handlers,
    ILogger<EventOperations> logger)
{
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

    /// <summary>The names of the handlers that handle an event, which was read with its body.</summary>
    public IReadOnlyList<string> HandlersOf(LedgerEvent found) =>
        found.Body is { } body && PointEventReader.Read(EventEnvelope.Parse(body)) is { } pointEvent
            ? [.. handlers.Where(handler => handler.Handles(pointEvent)).Select(handler => handler.Name)]
            : [];

    /// <summary>Has a finished event processed again.</summary>
    /// <param name="found">The event; read with its body, where one handler is named.</param>
    public async Task<ChangeAnswer> ReplayAsync(FoundEvent found, Replay replay)
    {
        if (found.Event is not { } finished)
            return Answer(ChangeOutcome.Gone, found);
        if (finished.IsOpen)
            return Answer(ChangeOutcome.Open, found);
        if (replay.Seen is { } seen && finished.FinishedAt != seen)
            return Answer(ChangeOutcome.Changed, found);
        if (finished.State == EventState.Completed && !replay.IncludeCompleted && replay.Handler is null)
            return Answer(ChangeOutcome.Completed, found);
        var all = replay.Handler is null ? [] : HandlersOf(finished);
        if (replay.Handler is not null && !all.Contains(replay.Handler))
            return Answer(ChangeOutcome.NoSuchHandler, found);
        var reopening = replay.Handler is { } one
            ? ledger.ReopenForAsync(finished, one, all, replay.By)
            : ledger.ReopenAsync(finished, replay.By);
        if (await reopening is not { } reopened)
            return Answer(ChangeOutcome.Changed, found);

        using var scope = logger.BeginEventScope(reopened.Id.Value, reopened.Type, reopened.IdempotencyKey);
        LogReplayed(reopened.Id.Value);
        await queues.TrySendAsync(EventMessage.Of(reopened));
        return Answer(ChangeOutcome.Replayed, found with { Event = reopened });
    }

    /// <summary>Gives up an open event that nobody processes just now. It can be replayed.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    public async Task<ChangeAnswer> GiveUpAsync(FoundEvent found, string? by)
    {
        if (found.Event is not { } open)
            return Answer(ChangeOutcome.Gone, found);
        if (!open.IsOpen)
            return Answer(ChangeOutcome.Finished, found);
        if (open.State == EventState.Processing)
            return Answer(ChangeOutcome.Open, found);
        if (await ledger.GiveUpAsync(open, by) is not { } dead)
            return Answer(ChangeOutcome.Changed, found);
        using var scope = logger.BeginEventScope(dead.Id.Value, dead.Type, dead.IdempotencyKey);
        LogGivenUp(dead.Id.Value);
        return Answer(ChangeOutcome.GivenUp, found with { Event = dead });
    }

    /// <summary>Erases the content of a finished event, for a person who asks to be forgotten, and leaves its id.</summary>
    public async Task<ChangeAnswer> EraseAsync(FoundEvent found)
    {
        if (found.Event is not { } finished)
            return Answer(ChangeOutcome.Gone, found);
        if (finished.IsOpen)
            return Answer(ChangeOutcome.Open, found);
        if (!await ledger.ForgetAsync(finished))
            return Answer(ChangeOutcome.Changed, found);
        LogErased(finished.Id.Value);
        return new ChangeAnswer(ChangeOutcome.Erased, finished.Id.Value, EventState.Forgotten);
    }

    private static ChangeAnswer Answer(ChangeOutcome outcome, FoundEvent found) => new(
        outcome,
        found.Id!.Value.Value,
        found.Event?.State ?? (found.Finding == Finding.Forgotten ? EventState.Forgotten : EventState.Unreadable));

    [LoggerMessage(71, LogLevel.Information, "Replaying event {PointEvent}.")]
    private partial void LogReplayed(string pointEvent);

    [LoggerMessage(77, LogLevel.Warning, "Gave up event {PointEvent} on request. It can be replayed.")]
    private partial void LogGivenUp(string pointEvent);

    [LoggerMessage(74, LogLevel.Information, "Erased the content of event {PointEvent} on request.")]
    private partial void LogErased(string pointEvent);
}

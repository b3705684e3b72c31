using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.Pausing;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>The errors of running the handlers of an event once.</summary>
/// <param name="Transient">What failed and may succeed another time.</param>
/// <param name="Permanent">What failed for good, in this attempt or one before.</param>
/// <param name="RetryAfter">The least time until the next attempt, as a handler knows it; or null.</param>
internal sealed record AttemptResult(IReadOnlyList<string> Transient, IReadOnlyList<string> Permanent, TimeSpan? RetryAfter = null)
{
    private const string Separator = "; ";

    /// <summary>Everything that failed, in one line.</summary>
    public string Error => string.Join(Separator, Permanent.Concat(Transient));

    /// <summary>What such a line says of a handler, as far as the next semicolon; null when it says nothing.</summary>
    public static string? ErrorOf(string handler, string? error)
    {
        var part = error?.Split(Separator).SkipWhile(one => !one.StartsWith($"{handler}: ", StringComparison.Ordinal)).FirstOrDefault();
        return part?[(handler.Length + 2)..];
    }
}

/// <summary>Runs the handlers of a claimed event side by side and records in the ledger how each ended.</summary>
internal sealed partial class HandlerRunner(
    IEnumerable<HandlerRegistration> handlers,
    HandlerGates gates,
    HandlerPauses pauses,
    IServiceScopeFactory scopes,
    PointMetrics metrics,
    TimeProvider time,
    ILogger<HandlerRunner> logger)
{
    /// <summary>
    /// Runs what has neither finished nor given up yet; one handler that fails does not keep the others from running, and the lease has
    /// those that are paused.
    /// </summary>
    /// <exception cref="OperationCanceledException">The app is shutting down, or the lease is lost.</exception>
    public async Task<AttemptResult> RunAsync(EventLease lease, ReadOnlyMemory<byte> body)
    {
        if (PointEventReader.Read(EventEnvelope.Parse(body)) is not { } pointEvent)
            return new AttemptResult([], [$"The content of this {lease.Event.Type} event is not a JSON object."]);

        var claimed = lease.Event;
        List<HandlerRegistration> pending =
        [
            .. handlers.Where(handler =>
                handler.Handles(pointEvent) && !claimed.Done.Contains(handler.Name) && !claimed.GivenUp.Contains(handler.Name)),
        ];
        lease.Run(pending.Select(handler => handler.Name));
        var failures = (await Task.WhenAll(pending.Select(handler => RunAsync(
            handler,
            lease,
            pointEvent,
            new EventContext(claimed.Id.Value, claimed.IdempotencyKey, claimed.ReceivedAt, claimed.Attempts + 1, body)
            {
                LastRunAt = LastRunAt(claimed, handler.Name),
            })))).OfType<Failure>().ToList();

        return new AttemptResult(
            [.. failures.Where(failure => !failure.IsPermanent).Select(failure => failure.Error)],
            // One that gave up in an attempt before has left the event to die when nothing else can succeed any more.
            [.. GivenUpBefore(claimed), .. failures.Where(failure => failure.IsPermanent).Select(failure => failure.Error)],
            failures.Max(failure => failure.RetryAfter));
    }

    // Not all of what the last attempt said: that has the errors of others too, which may have finished since.
    private static IEnumerable<string> GivenUpBefore(LedgerEvent claimed)
    {
        var lastReplay = claimed.History.ToList().FindLastIndex(step => step.Detail == EventLedger.Replayed);
        var steps = claimed.History.Skip(lastReplay + 1).Select(GaveUpStep.Read).OfType<(string Handler, string Error)>().ToList();
        return claimed.GivenUp.Select(handler => $"{handler}: " + (
            steps.FindLast(step => step.Handler == handler).Error
            ?? AttemptResult.ErrorOf(handler, claimed.LastError)
            ?? "not finished before, and it does not run again until it is replayed."));
    }

    // Why it failed, or null when it finished or is paused.
    private async Task<Failure?> RunAsync(HandlerRegistration handler, EventLease lease, PointEvent pointEvent, EventContext context)
    {
        var begun = time.GetTimestamp();
        try
        {
            // A handler that does not listen would begin what there is no time to finish.
            lease.Held.ThrowIfCancellationRequested();
            // Before it waits for its turn, and again when that has come: the turn may take longer than an operator does.
            if (!await IsWantedAsync() || !await PointActivity.RunHandlerAsync(
                handler.Name,
                () => gates.RunAsync(handler, token => HandleAsync(handler, pointEvent, context, token), IsWantedAsync, lease.Held),
                lease.Held))
            {
                lease.RecordPaused(handler.Name);
                return null;
            }

            metrics.Handled(pointEvent.Type, handler.Name);
            await lease.RecordDoneAsync(handler.Name, context.Effect?.Text, context.Effect?.Link, time.GetElapsedTime(begun));
            return null;
        }
        // Whatever it throws when it was told to stop: that it stopped is no failure of its own.
        catch (Exception e) when (lease.Held.IsCancellationRequested && e is not LeaseLostException)
        {
            throw new OperationCanceledException("The handler was told to stop.", e, lease.Held);
        }
        catch (PermanentFailureException e)
        {
            LogHandlerGaveUp(e, handler.Name, context.EventId);
            metrics.HandlerFailed(pointEvent.Type, handler.Name);
            await lease.RecordGivenUpAsync(handler.Name, e.Message, time.GetElapsedTime(begun));
            return new Failure($"{handler.Name}: {e.Message}", IsPermanent: true, RetryAfter: null);
        }
        catch (Exception e) when (e is not LeaseLostException)
        {
            LogHandlerFailed(e, handler.Name, context.EventId, context.Attempt);
            metrics.HandlerFailed(pointEvent.Type, handler.Name);
            lease.RecordFailed(handler.Name);
            return new Failure($"{handler.Name}: {e.Message}", IsPermanent: false, (e as TransientFailureException)?.RetryAfter);
        }

        async Task<bool> IsWantedAsync() => !await pauses.IsPausedAsync(handler.Name);
    }

    // The last step of its history is this claim. An earlier one is an earlier run, also when it counts as no attempt; but not of a handler
    // that the event waited for afterwards, because it was paused.
    private static DateTimeOffset? LastRunAt(LedgerEvent claimed, string handler)
    {
        var earlier = new List<HistoryEntry>();
        foreach (var step in claimed.History.SkipLast(1))
        {
            var begun = WaitStep.HandlersOf(step)?.Contains(handler) == true ? earlier.FindLastIndex(IsClaim) : -1;
            if (begun >= 0)
                earlier.RemoveRange(begun, earlier.Count - begun);
            else
                earlier.Add(step);
        }

        if (!earlier.Exists(step => step.State == EventState.Processing))
            return null;
        // What was noted since, such as that it is replayed, says nothing of that run.
        var claim = earlier.FindLastIndex(IsClaim);
        var end = claim < 0 ? null : earlier.Skip(claim).FirstOrDefault(step => step.State != EventState.Processing);
        return (end ?? earlier[^1]).At;
    }

    private static bool IsClaim(HistoryEntry step) => step is { State: EventState.Processing, Detail: null };

    // Handlers that run side by side share no services that are made for one user.
    private async Task HandleAsync(
        HandlerRegistration handler, PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await handler.HandleAsync(scope.ServiceProvider, pointEvent, context, cancellationToken);
    }

    private sealed record Failure(string Error, bool IsPermanent, TimeSpan? RetryAfter);

    [LoggerMessage(11, LogLevel.Error, "Handler {Handler} failed on event {PointEvent} in attempt {Attempt}.")]
    private partial void LogHandlerFailed(Exception exception, string handler, string pointEvent, int attempt);

    [LoggerMessage(17, LogLevel.Error, "Handler {Handler} gave up on event {PointEvent}. It runs again only when the event is replayed.")]
    private partial void LogHandlerGaveUp(Exception exception, string handler, string pointEvent);
}

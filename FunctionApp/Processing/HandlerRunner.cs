using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>The errors of running the handlers of an event once.</summary>
/// <param name="Transient">What failed and may succeed another time.</param>
/// <param name="Permanent">What failed for good, in this attempt or one before.</param>
internal sealed record AttemptResult(IReadOnlyList<string> Transient, IReadOnlyList<string> Permanent)
{
    /// <summary>Everything that failed, in one line.</summary>
    public string Error => string.Join("; ", Permanent.Concat(Transient));
}

/// <summary>Runs the handlers of a claimed event and records in the ledger how each ended.</summary>
internal sealed partial class HandlerRunner(
    IEnumerable<HandlerRegistration> handlers, IServiceProvider services, PointMetrics metrics, ILogger<HandlerRunner> logger)
{
    /// <summary>Runs what has neither finished nor given up yet; one handler that fails does not keep the others from running.</summary>
    /// <exception cref="OperationCanceledException">The app is shutting down, or the lease is lost.</exception>
    public async Task<AttemptResult> RunAsync(EventLease lease, ReadOnlyMemory<byte> body)
    {
        if (PointEventReader.Read(EventEnvelope.Parse(body)) is not { } pointEvent)
            return new AttemptResult([], [$"The content of this {lease.Event.Type} event is not a JSON object."]);

        var claimed = lease.Event;
        var context = new EventContext(claimed.Id.Value, claimed.IdempotencyKey, claimed.ReceivedAt, claimed.Attempts + 1, body);
        List<HandlerRegistration> pending =
        [
            .. handlers.Where(handler =>
                handler.Handles(pointEvent) && !claimed.Done.Contains(handler.Name) && !claimed.GivenUp.Contains(handler.Name)),
        ];
        lease.Run(pending.Select(handler => handler.Name));
        var (transient, permanent) = (new List<string>(), new List<string>());
        foreach (var handler in pending)
        {
            if (await RunAsync(handler, lease, pointEvent, context) is { } failure)
                (failure.IsPermanent ? permanent : transient).Add(failure.Error);
        }

        // One that gave up in an attempt before has left the event to die when nothing else can succeed any more.
        if (permanent.Count == 0 && claimed.GivenUp.Length > 0)
            permanent.Add(claimed.LastError ?? "");
        return new AttemptResult(transient, permanent);
    }

    // Why it failed, or null when it finished.
    private async Task<(bool IsPermanent, string Error)?> RunAsync(
        HandlerRegistration handler, EventLease lease, PointEvent pointEvent, EventContext context)
    {
        try
        {
            // A handler that does not listen would begin what there is no time to finish.
            lease.Held.ThrowIfCancellationRequested();
            await PointActivity.RunHandlerAsync(
                handler.Name, () => handler.HandleAsync(services, pointEvent, context, lease.Held), lease.Held);
            metrics.Handled(pointEvent.Type, handler.Name);
            await lease.RecordDoneAsync(handler.Name);
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
            await lease.RecordGivenUpAsync(handler.Name, e.Message);
            return (true, $"{handler.Name}: {e.Message}");
        }
        catch (Exception e) when (e is not LeaseLostException)
        {
            LogHandlerFailed(e, handler.Name, context.EventId, context.Attempt);
            metrics.HandlerFailed(pointEvent.Type, handler.Name);
            lease.RecordFailed(handler.Name);
            return (false, $"{handler.Name}: {e.Message}");
        }
    }

    [LoggerMessage(11, LogLevel.Error, "Handler {Handler} failed on event {PointEvent} in attempt {Attempt}.")]
    private partial void LogHandlerFailed(Exception exception, string handler, string pointEvent, int attempt);

    [LoggerMessage(17, LogLevel.Error, "Handler {Handler} gave up on event {PointEvent}. It runs again only when the event is replayed.")]
    private partial void LogHandlerGaveUp(Exception exception, string handler, string pointEvent);
}

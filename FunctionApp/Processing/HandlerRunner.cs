using System.Text.Json;
using Microsoft.Extensions.Logging;
using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>Runs the handlers of a claimed event and records in the ledger how each ended.</summary>
public sealed partial class HandlerRunner(EventHandlers handlers, Instruments instruments, ILogger<HandlerRunner> logger)
{
    /// <summary>Runs what has neither finished nor given up yet; one handler that fails does not keep the others from running.</summary>
    /// <exception cref="OperationCanceledException">The app is shutting down, or the lease is lost.</exception>
    internal async Task<AttemptResult> RunAsync(EventLease lease, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        PointEvent pointEvent;
        try
        {
            pointEvent = PointEventReader.Read(body);
        }
        catch (JsonException)
        {
            // Not passed on: its message may quote the body.
            return new AttemptResult(null, [], [$"The content of this {lease.Event.Type} event is not a JSON object."]);
        }

        var context = new EventContext(lease.Event.IdempotencyKey, lease.Event.ReceivedAt, lease.Event.Attempts + 1, body);
        return await RunAsync(lease, pointEvent, context, cancellationToken);
    }

    private async Task<AttemptResult> RunAsync(
        EventLease lease, PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        var (errors, permanent) = (new List<string>(), new List<string>());
        string? finishedLast = null;
        foreach (var handler in handlers.For(pointEvent).Where(handler => IsPending(handler, lease.Event)))
        {
            if (finishedLast is not null)
                await lease.RecordDoneAsync(finishedLast, CancellationToken.None);
            finishedLast = null;
            try
            {
                await PointActivity.RunHandlerAsync(handler.Name, () => handler.HandleAsync(context, cancellationToken), cancellationToken);
                instruments.Handled(pointEvent.Type, handler.Name);
                finishedLast = handler.Name;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (PermanentFailureException e)
            {
                LogHandlerGaveUp(e, handler.Name, context.IdempotencyKey);
                instruments.HandlerFailed(pointEvent.Type, handler.Name);
                permanent.Add($"{handler.Name}: {e.Message}");
                await lease.RecordGivenUpAsync(handler.Name, e.Message, CancellationToken.None);
            }
            catch (Exception e)
            {
                LogHandlerFailed(e, handler.Name, context.IdempotencyKey, context.Attempt);
                instruments.HandlerFailed(pointEvent.Type, handler.Name);
                errors.Add($"{handler.Name}: {e.Message}");
            }
        }

        // When all is well, the last record and the completion are one write.
        if (finishedLast is not null && (errors.Count > 0 || lease.Event.GivenUp.Length > 0))
            await lease.RecordDoneAsync(finishedLast, CancellationToken.None);
        return new AttemptResult(finishedLast, errors, permanent);
    }

    private static bool IsPending(BoundHandler handler, LedgerEvent ledgerEvent) =>
        !ledgerEvent.Done.Contains(handler.Name) && !ledgerEvent.GivenUp.Contains(handler.Name);

    [LoggerMessage(11, LogLevel.Error, "Handler {Handler} failed on event {IdempotencyKey} in attempt {Attempt}.")]
    private partial void LogHandlerFailed(Exception exception, string handler, string idempotencyKey, int attempt);

    [LoggerMessage(
        17, LogLevel.Error, "Handler {Handler} gave up on event {IdempotencyKey}: it will not be run again unless the event is replayed.")]
    private partial void LogHandlerGaveUp(Exception exception, string handler, string idempotencyKey);
}

using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Brings back what the Functions host gave up on: messages that the processor could not deal with at all, because storage failed
/// or the process ended each time. The ledger decides what follows, as after any failed attempt.
/// </summary>
public sealed partial class PoisonDrain(EventLedger ledger, RetryScheduler retries, ILogger<PoisonDrain> logger)
{
    /// <summary>Deals with one message of a poison queue.</summary>
    public async Task DrainAsync(BinaryData queueMessage, CancellationToken cancellationToken)
    {
        if (Read(queueMessage) is not { } message)
            return;

        using var scope = logger.BeginEventScope(message.Type, message.IdempotencyKey);
        var claim = await ledger.ClaimAsync(message.IdempotencyKey, withBody: false, cancellationToken);
        LogDrained(message.Type, message.IdempotencyKey, claim.Outcome);
        if (claim.Lease is { } lease)
        {
            using (lease)
                await retries.FailAsync(lease, "The Functions host gave up on the event's message.");
        }
    }

    private EventMessage? Read(BinaryData queueMessage)
    {
        try
        {
            return EventMessage.Parse(queueMessage);
        }
        catch (FormatException)
        {
            LogForeign(queueMessage.ToMemory().Length);
            return null;
        }
    }

    [LoggerMessage(62, LogLevel.Error, "A poison message of {EventType} {IdempotencyKey} was brought back to the ledger: {Outcome}.")]
    private partial void LogDrained(string eventType, string idempotencyKey, ClaimOutcome outcome);

    [LoggerMessage(63, LogLevel.Error, "A poison message of {Length} bytes is not one of this app's. Dropped.")]
    private partial void LogForeign(int length);
}

using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Pausing;
using PointWebhooks.Queues;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Processing;

/// <summary>
/// Sends open events that nothing else will: received but never queued, their message lost, their processor gone, a long pause over, the
/// handler that they waited for resumed.
/// It reads the index of open events alone, so that its cost depends on what is open, not on what the ledger holds.
/// </summary>
internal sealed partial class EventRelay(
    EventLedger ledger,
    LedgerListing listing,
    LedgerReader reader,
    LedgerRepair repair,
    EventQueues queues,
    PoisonQueues poison,
    FailedAttempts failures,
    HandlerPauses pauses,
    PointMetrics metrics,
    TimeProvider time,
    ILogger<EventRelay> logger)
{
    /// <summary>
    /// How long at least between two messages that the relay sends for one event: a backlog that just waits must not be
    /// multiplied.
    /// </summary>
    public static readonly TimeSpan MessageInterval = TimeSpan.FromHours(1);

    /// <summary>What the history of an event says of a message that the relay sent for it.</summary>
    public const string Overdue = "overdue, and sent to its queue again";

    /// <summary>
    /// How many events at most one sweep sends of those whose handler was resumed, the oldest first: what has gathered for days must
    /// neither run over the system that is back, nor start every instance there may be.
    /// </summary>
    public const int MostResumed = 1000;

    private const int Parallelism = 8;
    private const int MaxFailures = 20;

    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    /// <summary>Sends every overdue event to its queue again, and fails the attempt of every processor that is gone.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        await poison.EmptyAsync(cancellationToken);
        var paused = await pauses.NowAsync();
        var now = time.GetUtcNow();
        var open = await listing.OpenRowsAsync(cancellationToken);
        var waiting = open.ToLookup(row => EventIndex.WaitsForOf(row).Count > 0);
        // What waits because an operator wants it so is not late.
        metrics.Open(open.Count, now - (waiting[false].Min(EventIndex.ReceivedAtOf) ?? now));
        metrics.Paused(paused.Count, waiting[true].Count());

        var resumed = waiting[true].ToLookup(row => !EventIndex.WaitsForOf(row).All(paused.ContainsKey));
        var due = waiting[false].Concat(resumed[false]).Where(row => EventIndex.IsDue(row.RowKey, now));
        var back = resumed[true].OrderBy(EventIndex.ReceivedAtOf).Take(MostResumed);
        await RelayAsync(InTurn(due.Concat(back)), cancellationToken);
        // Last: what only is measured must not keep anything from being sent.
        metrics.DeadNow(await listing.CountDeadAsync(cancellationToken));
    }

    // One of each partition after the other, so that those of one that fails do not end every sweep before the others have had their turn.
    private static IEnumerable<TableEntity> InTurn(IEnumerable<TableEntity> rows) => rows
        .GroupBy(row => row.PartitionKey)
        .SelectMany(partition => partition.Select((row, turn) => (row, turn)))
        .OrderBy(one => one.turn)
        .Select(one => one.row);

    private async Task RelayAsync(IEnumerable<TableEntity> indexRows, CancellationToken cancellationToken)
    {
        var failures = 0;
        foreach (var batch in indexRows.Chunk(Parallelism))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcomes = await Task.WhenAll(batch.Select(TryRelayAsync));
            failures += outcomes.Count(succeeded => !succeeded);
            // One event must not delay the others; a storage account that is down may.
            if (failures >= MaxFailures)
                return;
        }
    }

    private async Task<bool> TryRelayAsync(TableEntity indexRow)
    {
        try
        {
            await RelayAsync(indexRow);
            return true;
        }
        catch (Exception e)
        {
            LogNotRelayed(e, indexRow.RowKey);
            return false;
        }
    }

    private async Task RelayAsync(TableEntity indexRow)
    {
        if (EventIndex.IdOf(indexRow.RowKey) is not { } id)
            return;
        var (finding, overdue, _) = await reader.FindAsync(id, withBody: false, ReadBudget);
        if (finding == Finding.Unreadable)
            return;
        if (overdue is null || !LedgerRepair.Belongs(indexRow, overdue))
        {
            await repair.RemoveStrayAsync(indexRow, overdue);
            return;
        }

        if (!overdue.IsOpen || overdue.IsLeasedAt(time.GetUtcNow()))
            return;
        using var scope = logger.BeginEventScope(overdue.Id.Value, overdue.Type, overdue.IdempotencyKey);
        if (overdue.State == EventState.Processing)
        {
            await TakeOverAsync(id);
            return;
        }

        if (overdue.WaitsFor.Length > 0)
        {
            await EndWaitAsync(overdue);
            return;
        }

        // Sent before it is recorded: a crash in between costs one message too many, not an hour.
        await queues.SendAsync(EventMessage.Of(overdue));
        string? note = null;
        if (overdue.CheckAt < overdue.NotBefore + EventLedger.PickUpTime)
        {
            LogPauseOver(id.Value);
        }
        else
        {
            metrics.Relayed(overdue.Type);
            LogRelayed(id.Value, overdue.State);
            note = Overdue;
        }

        await ledger.PostponeAsync(overdue, MessageInterval, note);
    }

    private async Task EndWaitAsync(LedgerEvent waiting)
    {
        var paused = await pauses.KnownAsync();
        if (waiting.WaitsFor.All(paused.ContainsKey))
        {
            await ledger.WaitOnAsync(waiting, MessageInterval);
            return;
        }

        await queues.SendAsync(EventMessage.Of(waiting));
        LogResumed(waiting.Id.Value);
        await ledger.PostponeAsync(waiting, MessageInterval);
    }

    private async Task TakeOverAsync(EventId id)
    {
        var (outcome, claimed) = await ledger.ClaimAsync(id, null, withBody: false, CancellationToken.None);
        if (claimed is null)
            return;
        await using var lease = claimed;
        if (outcome == ClaimOutcome.TakenOver)
            await failures.RetryOrMarkDeadAsync(lease, FailedAttempts.InstanceGone);
        else
            await lease.ReleaseAsync();
    }

    [LoggerMessage(60, LogLevel.Warning, "Sent overdue event {PointEvent} ({State}) to its queue again.")]
    private partial void LogRelayed(string pointEvent, EventState state);

    [LoggerMessage(68, LogLevel.Information, "The pause of event {PointEvent} is over; sent it to its queue.")]
    private partial void LogPauseOver(string pointEvent);

    [LoggerMessage(69, LogLevel.Information, "A handler that event {PointEvent} waited for was resumed; sent the event to its queue.")]
    private partial void LogResumed(string pointEvent);

    [LoggerMessage(61, LogLevel.Warning, "The overdue event of index row '{RowKey}' could not be relayed; the next sweep tries again.")]
    private partial void LogNotRelayed(Exception exception, string rowKey);
}

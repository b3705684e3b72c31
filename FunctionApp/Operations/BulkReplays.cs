using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using PointWebhooks.Ledger;
using PointWebhooks.Storage;

namespace PointWebhooks.Operations;

/// <summary>A replay of more dead events than one request can do.</summary>
/// <param name="Filter">Which, as the query of a list.</param>
/// <param name="By">Who asked for it, or null where that is not known.</param>
/// <param name="Replayed">How many have been replayed so far.</param>
/// <param name="FinishedAt">When none was left, or null.</param>
internal sealed record BulkReplay(string Filter, DateTimeOffset StartedAt, string? By, int Replayed, DateTimeOffset? FinishedAt);

/// <summary>
/// Replays all dead events of a filter, however many: each run of the timer goes on where the last one stopped, on whatever instance. What
/// dies again meanwhile is left out. A row beside the events holds how far it got, for a day.
/// </summary>
internal sealed partial class BulkReplays(PointTable table, DeadReplays dead, AnswerDeadline deadline, TimeProvider time, ILogger<BulkReplays> logger)
{
    private const string Partition = "replays";
    private const int MostShown = 20;

    // Of a day, far more than people start.
    private const int MostRows = 1000;

    // Less than the minute in which the timer runs again.
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>What a query asks for as of now: what dies later is left out.</summary>
    public EventQuery AsOfNow(EventQuery query) =>
        query with { Take = EventQuery.MaxTake, Filter = query.Filter with { Until = query.Filter.Until ?? time.GetUtcNow() } };

    /// <summary>Replays the first ones at once, and leaves the others to the timer.</summary>
    /// <param name="all">The query, as of a time.</param>
    /// <param name="page">The first ones.</param>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <returns>What came of the first ones; null where storage did not say in time whether the others are left to the timer.</returns>
    public async Task<ReplayReport?> StartAsync(EventQuery all, EventPage page, string? by, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var first = await dead.ReplayAsync(all, page, by, isAwaited: true, cancellationToken);
        // Nothing that must not be lost is kept while storage does not answer: the operator is told.
        if (!first.More || first.Unknown > 0)
            return first;

        // The same form that is sent twice makes the same row.
        var row = new TableEntity(Partition, $"{all.Filter.Until!.Value.UtcTicks:D19}|{EventId.HashOfType(all.ToText())}")
        {
            [nameof(BulkReplay.Filter)] = all.ToText(),
            [nameof(BulkReplay.StartedAt)] = now,
            [nameof(BulkReplay.By)] = by,
            [nameof(BulkReplay.Replayed)] = first.Replayed,
            [nameof(ReplayReport.Continuation)] = first.Continuation,
        };
        return await deadline.WithinAsync(deadline.Begin(), async () =>
        {
            await KeepAsync(row);
            return first;
        });
    }

    /// <summary>The latest ones of the last day, the latest last.</summary>
    public async Task<IReadOnlyList<BulkReplay>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await RowsAsync(cancellationToken)).TakeLast(MostShown).Select(Read)];

    /// <summary>Goes on with those that are not finished, and removes what is older than a day.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        foreach (var row in await RowsAsync(cancellationToken))
        {
            var replay = Read(row);
            if (replay.FinishedAt < time.GetUtcNow() - Kept)
                await table.DeleteAsync(new RowAddress(row.PartitionKey, row.RowKey), Budget);
            while (replay.FinishedAt is null && time.GetElapsedTime(begun) < LongestRun)
                replay = await ContinueAsync(row, replay, cancellationToken);
        }
    }

    private async Task KeepAsync(TableEntity row)
    {
        try
        {
            await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.Add, row)], Budget);
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // It runs already.
        }
    }

    private async Task<BulkReplay> ContinueAsync(TableEntity row, BulkReplay replay, CancellationToken cancellationToken)
    {
        var isReadable = EventQuery.TryParse(new QueryCollection(QueryHelpers.ParseQuery(replay.Filter)), out var query, out _);
        var report = isReadable
            ? await dead.ReplayAsync(
                query with { Take = EventQuery.MaxTake, Continuation = row.ValueOf<string>(nameof(ReplayReport.Continuation)) },
                replay.By,
                cancellationToken)
            : new ReplayReport(0, 0, 0, false, null);
        var next = replay with { Replayed = replay.Replayed + report.Replayed, FinishedAt = report.More ? null : time.GetUtcNow() };
        row[nameof(BulkReplay.Replayed)] = next.Replayed;
        row[nameof(BulkReplay.FinishedAt)] = next.FinishedAt;
        row[nameof(ReplayReport.Continuation)] = report.Continuation;
        await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.UpsertMerge, row)], Budget);
        if (!report.More)
            LogFinished(next.Replayed);
        return next;
    }

    private Task<IReadOnlyList<TableEntity>> RowsAsync(CancellationToken cancellationToken) =>
        table.RangeAsync(Partition, "0", ":", MostRows, null, Budget, cancellationToken);

    private static BulkReplay Read(TableEntity row) => new(
        row.ValueOf<string>(nameof(BulkReplay.Filter)) ?? "",
        row.ValueOf<DateTimeOffset?>(nameof(BulkReplay.StartedAt)) ?? default,
        row.ValueOf<string>(nameof(BulkReplay.By)),
        row.ValueOf<int?>(nameof(BulkReplay.Replayed)) ?? 0,
        row.ValueOf<DateTimeOffset?>(nameof(BulkReplay.FinishedAt)));

    [LoggerMessage(78, LogLevel.Information, "Replayed {Count} dead events together.")]
    private partial void LogFinished(int count);
}

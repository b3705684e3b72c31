using System.Diagnostics;
using Azure.Data.Tables;
using PointWebhooks.Benchmarks.Report;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>Whether anything costs more when the ledger holds more, on a simulated storage account.</summary>
internal sealed class GrowthBenchmark : IBenchmark
{
    private const int WarmUp = 15;
    private const int RowsOfEvent = 3;
    private const int Few = 1_000 / RowsOfEvent;
    private const int Many = 1_000_000 / RowsOfEvent;

    public string Name => "growth";

    public string Description => "storage calls and processor time with a thousand and with a million rows in the ledger";

    public Task<ReportTable> RunAsync(CancellationToken cancellationToken)
    {
        var account = new SimulatedAccount();
        using var app = new SimulatedApp(account);
        Fill(account, 0, Few);
        // Until its code is optimized it would get faster, not slower.
        for (var turn = 0; turn < WarmUp; turn++)
            Measure(account, app, $"warm-{turn}");
        var few = Measure(account, app, "few");
        Fill(account, Few, Many);
        var many = Measure(account, app, "many");

        var table = new ReportTable("What", "Calls, 1,000 rows", "Calls, 1,000,000 rows", "Processor time, times that of 1,000 rows");
        foreach (var (before, after) in few.Zip(many))
            table.Add(before.What, $"{before.Calls}", $"{after.Calls}", $"{after.Time.Over(before.Time)}");
        return Task.FromResult(table);
    }

    private static void Fill(SimulatedAccount account, int from, int until)
    {
        foreach (var chunk in Enumerable.Range(from, until - from).Chunk(10_000))
            account.Put(chunk.SelectMany(i => Rows(account, i)));
    }

    // All of them before the day that the status counts: what it reads of that day is not what the ledger holds.
    private static IEnumerable<TableEntity> Rows(SimulatedAccount account, int i)
    {
        var at = account.Now - TimeSpan.FromDays(2) - TimeSpan.FromSeconds(i);
        var done = EventLedger.New(SimulatedApp.Type, $"key-{i}", at, at) with { State = EventState.Completed, FinishedAt = at };
        return [LedgerRows.Whole(done, new byte[300], "write"), .. EventIndex.RowsOf(done)];
    }

    private static List<(string What, int Calls, Samples Time)> Measure(SimulatedAccount account, SimulatedApp app, string prefix) =>
    [
        Measure(account, "accept", 200, i => app.Run(() => app.ReceiveAsync(SimulatedApp.Body($"{prefix}-{i}")))),
        Measure(account, "claim and complete", 200, _ => app.Deliver()),
        Measure(account, "sweep of the relay", 20, _ => app.Run(() => app.Get<EventRelay>().SweepAsync(CancellationToken.None))),
        Measure(account, "status", 20, _ => app.Run(() => app.Get<StatusReader>().ReadAsync(CancellationToken.None))),
        Measure(account, "a page of 50 events", 20, _ => app.Run(
            () => app.Get<LedgerListing>().ListAsync(new EventFilter(), 50, null, CancellationToken.None))),
    ];

    private static (string What, int Calls, Samples Time) Measure(SimulatedAccount account, string what, int times, Action<int> run)
    {
        run(-1);
        account.Storage.Calls.Clear();
        var took = new List<double>();
        for (var i = 0; i < times; i++)
        {
            var since = Stopwatch.GetTimestamp();
            run(i);
            took.Add(Stopwatch.GetElapsedTime(since).TotalMicroseconds);
        }

        // The quarters of the runs, each by its median, so that a collection of garbage is not taken for a cost of the call.
        return (what, account.Storage.Calls.Total / times, new Samples([.. took.Chunk(times / 4).Select(quarter => new Samples(quarter).Median)]));
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Azure;
using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.LedgerBackup;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Histories;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LedgerBackup;

/// <summary>The ledger written to a file, and read back into another storage account.</summary>
internal sealed class LedgerBackupTests : BackupFixture
{
    [Test]
    public async Task Every_row_comes_back_as_it_was_with_its_index()
    {
        using var from = await LedgerAsync();
        using var to = new TestLedger();

        var exported = await ExportAsync(from);
        var restored = await RestoreAsync(to);

        Assert.That((exported, restored), Is.EqualTo((6L, (6L, 0L))));
        Assert.That(await RowsAsync(to), Is.EqualTo(await RowsAsync(from)));
    }

    [Test]
    public async Task An_event_that_this_version_cannot_read_is_named()
    {
        using var from = await LedgerAsync();
        using var to = new TestLedger();
        await ExportAsync(from);

        await RestoreAsync(to);

        Assert.That(Told, Has.One.StartsWith($"{EventId.Of("type", "of another version")} cannot be read by this version"));
    }

    [Test]
    public async Task A_conflict_that_is_no_row_does_not_count_as_a_row_that_is_there()
    {
        using var from = await LedgerAsync();
        await ExportAsync(from);
        using var to = new TestLedger(isSimulated: true, path: (call, _) => Task.FromResult(
            SimulatedStorage.Refuse(call.Request, new StorageException(409, "TableAlreadyExists", "As while a deleted table is being removed, but at once."))));

        Assert.That(() => RestoreAsync(to), Throws.InstanceOf<RequestFailedException>());
    }

    [Test]
    public async Task A_restored_event_is_a_duplicate_and_a_restored_open_one_can_be_claimed()
    {
        using var from = await LedgerAsync();
        using var to = new TestLedger();
        await ExportAsync(from);

        await RestoreAsync(to);

        Assert.That(await to.InsertAsync("completed"), Is.EqualTo(InsertOutcome.Duplicate));
        Assert.That(await to.InsertAsync("forgotten"), Is.EqualTo(InsertOutcome.Duplicate));
        Assert.That((await to.ClaimAsync("open")).Outcome, Is.EqualTo(ClaimOutcome.Claimed));
    }

    [Test]
    public async Task What_is_there_stays_as_it_is_and_a_restore_can_be_repeated()
    {
        using var from = await LedgerAsync();
        using var to = new TestLedger();
        await to.InsertAsync("completed", body: "a later one");
        await ExportAsync(from);

        var first = await RestoreAsync(to);
        var rows = await RowsAsync(to);
        var second = await RestoreAsync(to);

        Assert.That((first, second), Is.EqualTo(((5L, 1L), (0L, 6L))));
        Assert.That((await to.FindAsync("completed")).State, Is.EqualTo(EventState.Received));
        Assert.That(await RowsAsync(to), Is.EqualTo(rows));
    }

    // In partition d the index rows of dead and done events lie between those of the events.
    [TestCase("0")]
    [TestCase("d")]
    public async Task More_events_of_a_partition_than_are_read_at_once_all_come_back(string partition)
    {
        using var from = new TestLedger();
        using var to = new TestLedger();
        await CompleteAsync(from, partition, 501);

        var exported = await ExportAsync(from);
        var restored = await RestoreAsync(to);

        Assert.That((exported, restored), Is.EqualTo((501L, (501L, 0L))));
        Assert.That(await RowsAsync(to), Is.EqualTo(await RowsAsync(from)));
    }

    [Test]
    public async Task Large_bodies_of_one_partition_are_written_a_few_at_once_and_never_more_than_storage_takes()
    {
        const int Events = 20;
        const int LargestCall = 4 * 1024 * 1024;
        var (storage, calls) = (new SimulatedStorage(TimeProvider.System), new ConcurrentQueue<int>());
        KnownLedger.Create(storage);
        var connection = new StorageConnection(ValidSettings.With(("AzureWebJobsStorage", SimulatedStorage.ConnectionString)))
        {
            Transport = storage.Transport((call, _) =>
            {
                if (call.Operation == StorageOperation.Transaction)
                    calls.Enqueue(call.Request.Body.Length);
                return Task.FromResult(call.Perform());
            }),
        };
        var (now, body) = (DateTimeOffset.UnixEpoch, new byte[256 * 1024]);
        var lines = Keys("0").Take(Events)
            .Select(key => RowFormat.Write(LedgerRows.Whole(EventLedger.New(TestLedger.Type, key, now, now), body, "write")));
        await File.WriteAllLinesAsync(Backup, lines.Append($"{LedgerExport.End}{Events}"));

        var slow = new ScaledClock(DateTimeOffset.UtcNow, 1 / 20.0, TimeSpan.Zero);
        var table = new PointTable(connection, new StorageRetry(slow, Random.Shared));
        var restored = await new LedgerRestore(table, Tell).RunAsync(Backup, CancellationToken.None);

        Assert.That(restored, Is.EqualTo(((long)Events, 0L)));
        Assert.That(calls, Has.All.LessThan(LargestCall));
        Assert.That(calls, Has.Count.EqualTo(Events / 5), "two MiB at once");
    }

    // One that is finished and whose workspace has a name has four rows, and a transaction takes a hundred.
    [Test]
    public async Task Events_with_all_the_index_rows_there_are_are_written_no_more_at_once_than_storage_takes()
    {
        const int Events = 60;
        using var to = new TestLedger(isSimulated: true);
        var now = to.Time.GetUtcNow();
        var lines = Keys("0").Take(Events)
            .Select(key => EventLedger.New(TestLedger.Type, key, now, now) with
            {
                State = EventState.Completed,
                FinishedAt = now,
                WorkspaceName = "Phoenix",
            })
            .Select(completed => RowFormat.Write(LedgerRows.Whole(completed, new byte[] { 1 }, "write")));
        await File.WriteAllLinesAsync(Backup, lines.Append($"{LedgerExport.End}{Events}"));

        Assert.That(await RestoreAsync(to), Is.EqualTo(((long)Events, 0L)));
        Assert.That(await to.IndexAsync(), Has.Count.EqualTo(3 * Events));
    }

    // The first row, one in the middle, and the line that says how many there are.
    [TestCase(0)]
    [TestCase(3)]
    [TestCase(6)]
    public async Task A_file_that_lacks_a_line_restores_nothing(int missing)
    {
        using var from = await LedgerAsync();
        using var to = new TestLedger();
        await ExportAsync(from);
        var lines = (await File.ReadAllLinesAsync(Backup)).ToList();
        lines.RemoveAt(missing);
        await File.WriteAllLinesAsync(Backup, lines);

        Assert.That(() => RestoreAsync(to), Throws.TypeOf<FormatException>().With.Message.Contains("not a complete export"));
        Assert.That(await RowsAsync(to), Is.Empty);
    }

    [TestCase(10_000)]
    [TestCase(100_000)]
    [Explicit("It takes minutes: docs/operations.md has the figures of a run.")]
    public async Task Many_events_are_restored_and_exported_again(int events)
    {
        using var ledger = new TestLedger();
        var body = new byte[700];
        var lines = Enumerable.Range(0, events)
            .Select(i => i.ToString(CultureInfo.InvariantCulture))
            .Select(key => EventLedger.New(TestLedger.Type, key, ledger.Time.GetUtcNow(), ledger.Time.GetUtcNow()))
            .OrderBy(received => received.Id.Value, StringComparer.Ordinal)
            .Select(received => RowFormat.Write(LedgerRows.Whole(received, body, "write")));
        await File.WriteAllLinesAsync(Backup, lines.Append($"{LedgerExport.End}{events}"));

        var watch = Stopwatch.StartNew();
        var restored = await RestoreAsync(ledger);
        TestContext.Out.WriteLine($"Restored {restored.Added} rows, {new FileInfo(Backup).Length >> 20} MiB, in {watch.Elapsed}");
        var original = await File.ReadAllBytesAsync(Backup);
        File.Delete(Backup);
        watch.Restart();
        await ExportAsync(ledger);
        TestContext.Out.WriteLine($"Exported in {watch.Elapsed}; peak memory {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");

        Assert.That(restored, Is.EqualTo(((long)events, 0L)));
        Assert.That(await File.ReadAllBytesAsync(Backup), Is.EqualTo(original));
        Assert.That(Told, Does.Contain("10000 rows ..."));
    }

    // An event in each state, with a body of the largest size among them, and a quarantined request.
    private static async Task<TestLedger> LedgerAsync()
    {
        var ledger = new TestLedger();
        await ledger.InsertAsync("open", body: new string('x', 256 * 1024), name: "Phoenix");
        await using var processing = await ledger.ClaimedAsync("processing");
        foreach (var key in new[] { "completed", "forgotten" })
        {
            await using var lease = await ledger.ClaimedAsync(key);
            await lease.CompleteAsync();
        }

        await ledger.Ledger.ForgetAsync(await ledger.FindAsync("forgotten"));
        await ledger.Rows.AddEntityAsync(new TableEntity("quarantine", "request|1") { ["Body"] = new byte[] { 1, 2 } });
        var other = EventId.Of("type", "of another version");
        await ledger.Rows.AddEntityAsync(new TableEntity(other.Partition, other.Value) { ["State"] = "Parked" });
        return ledger;
    }

    // Of events in a partition.
    private static IEnumerable<string> Keys(string partition) => Enumerable.Range(0, int.MaxValue)
        .Select(i => i.ToString(CultureInfo.InvariantCulture))
        .Where(key => EventId.Of(TestLedger.Type, key).Partition == partition);

    private static async Task CompleteAsync(TestLedger ledger, string partition, int count)
    {
        var now = ledger.Time.GetUtcNow();
        var rows = Keys(partition).Take(count)
            .Select(key => EventLedger.New(TestLedger.Type, key, now, now) with { State = EventState.Completed, FinishedAt = now })
            .SelectMany(completed => EventIndex.RowsOf(completed).Prepend(LedgerRows.Whole(completed, new byte[] { 1 }, "test")));
        await ledger.Rows.CreateIfNotExistsAsync();
        foreach (var chunk in rows.Chunk(100))
            await ledger.Rows.SubmitTransactionAsync(chunk.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));
    }

    // Every row with every column, but for what the service itself adds.
    private static async Task<IReadOnlyList<string>> RowsAsync(TestLedger ledger)
    {
        var rows = new List<string>();
        await ledger.Rows.CreateIfNotExistsAsync();
        await foreach (var row in ledger.Rows.QueryAsync<TableEntity>())
            rows.Add(RowFormat.Write(row));
        return rows;
    }
}

using System.Text;
using Azure;
using Azure.Data.Tables;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LedgerBackup;

/// <summary>In which order an export reads, and what it leaves when it fails.</summary>
internal sealed class LedgerExportTests : BackupFixture
{
    [Test]
    public async Task What_is_quarantined_is_read_before_the_events_that_it_may_become()
    {
        var read = new List<string>();
        using var from = new TestLedger(isSimulated: true, path: (call, _) =>
        {
            if (call.Operation == StorageOperation.QueryEntities)
                read.Add(call.Request.Query["$filter"]!);
            return Task.FromResult(call.Perform());
        });

        await ExportAsync(from);

        Assert.That(read[0], Does.Contain("PartitionKey eq 'quarantine'"));
        Assert.That(read[^1], Does.Contain($"PartitionKey eq '{EventId.Partitions[^1]}'"));
    }

    [Test]
    public async Task What_is_quarantined_is_restored_when_every_event_is_there()
    {
        using var from = new TestLedger(isSimulated: true);
        await from.Table.WriteAsync(
            [new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("quarantine", "waiting") { ["BodyLength"] = 1 })],
            TimeSpan.FromSeconds(10));
        await from.InsertAsync("one");
        await ExportAsync(from);
        // As somebody may sort it by hand.
        var lines = await File.ReadAllLinesAsync(Backup);
        Assert.That(lines[^2], Does.Contain("quarantine"), "it is the last row of the file");
        await File.WriteAllLinesAsync(Backup, [lines[1], lines[0], lines[2]]);
        var isKept = false;
        using var to = new TestLedger(isSimulated: true, path: async (call, _) =>
        {
            if (call.Operation != StorageOperation.Transaction)
                return call.Perform();
            if (Encoding.UTF8.GetString(call.Request.Body.Span).Contains("quarantine", StringComparison.Ordinal))
                Assert.That(isKept, Is.True);
            await Task.Yield();
            isKept = true;
            return call.Perform();
        });

        Assert.That(await RestoreAsync(to), Is.EqualTo((2L, 0L)));
    }

    [Test]
    public async Task A_file_is_not_written_over()
    {
        using var from = new TestLedger();
        await File.WriteAllTextAsync(Backup, "something else");

        Assert.That(() => ExportAsync(from), Throws.TypeOf<IOException>().With.Message.EndsWith("Name another file."));
        Assert.That(await File.ReadAllTextAsync(Backup), Is.EqualTo("something else"));
    }

    [Test]
    public async Task An_export_that_fails_on_its_way_leaves_no_file_of_its_name_and_can_be_repeated()
    {
        var isRefused = true;
        using var from = new TestLedger(isSimulated: true, path: (call, _) => Task.FromResult(
            isRefused && ReadsLastPartition(call)
                ? SimulatedStorage.Refuse(call.Request, new StorageException(403, "AuthorizationFailure", "The role was taken away."))
                : call.Perform()));
        await from.InsertAsync("one");

        Assert.That(() => ExportAsync(from), Throws.InstanceOf<RequestFailedException>());
        Assert.That(File.Exists(Backup), Is.False);

        isRefused = false;
        Assert.That(await ExportAsync(from), Is.EqualTo(1));
        Assert.That(await File.ReadAllLinesAsync(Backup), Has.Length.EqualTo(2), "the event, and how many there are");
        Assert.That(Directory.GetFiles(Folder), Is.EqualTo(new[] { Backup }), "nothing else is left");
    }

    // It is read when what is in the others is in the file already.
    private static bool ReadsLastPartition(StorageCall call) =>
        call.Operation == StorageOperation.QueryEntities
        && call.Request.Query["$filter"].Contains($"PartitionKey eq '{EventId.Partitions[^1]}'", StringComparison.Ordinal);
}

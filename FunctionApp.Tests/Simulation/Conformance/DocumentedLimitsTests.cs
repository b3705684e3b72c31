using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Time.Testing;

namespace PointWebhooks.Tests.Simulation.Conformance;

/// <summary>
/// What the REST API of Azure Storage documents and Azurite leaves out: limits, deletions that take their time, pages that end
/// anywhere. So the simulation alone is held to it.
/// </summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DocumentedLimitsTests
{
    private static readonly TimeSpan DeletionTime = TimeSpan.FromSeconds(40);

    [Test]
    public async Task An_entity_has_a_mebibyte_at_most()
    {
        var (table, _) = await TableAsync();
        var row = new TableEntity("p", "r");
        foreach (var i in Enumerable.Range(0, 16))
            row[$"Bytes{i}"] = new byte[64 * 1024];

        Assert.That(() => table.AddEntityAsync(row), Refused.With(400, TableErrorCode.EntityTooLarge.ToString()));
        row.Remove("Bytes0");
        Assert.That(() => table.AddEntityAsync(row), Throws.Nothing);
    }

    [Test]
    public async Task An_entity_has_252_properties_at_most()
    {
        var (table, _) = await TableAsync();
        var row = new TableEntity("p", "r");
        foreach (var i in Enumerable.Range(0, 253))
            row[$"Number{i}"] = i;

        Assert.That(() => table.AddEntityAsync(row), Refused.With(400, TableErrorCode.TooManyProperties.ToString()));
    }

    [TestCase("a/b")]
    [TestCase("a\\b")]
    [TestCase("a#b")]
    [TestCase("a?b")]
    [TestCase("a\tb")]
    public async Task Some_characters_are_in_no_key(string key)
    {
        var (table, _) = await TableAsync();

        Assert.That(() => table.AddEntityAsync(new TableEntity("p", key)), Refused.With(400, TableErrorCode.OutOfRangeInput.ToString()));
        Assert.That(() => table.AddEntityAsync(new TableEntity(key, "r")), Refused.With(400, TableErrorCode.OutOfRangeInput.ToString()));
    }

    [Test]
    public async Task A_transaction_has_a_hundred_operations_at_most_on_one_partition()
    {
        var (table, _) = await TableAsync();

        Assert.That(
            () => table.SubmitTransactionAsync(Enumerable.Range(0, 101).Select(i => Addition("p", $"{i}"))),
            Refused.With(400, TableErrorCode.InvalidInput.ToString()));
        Assert.That(
            () => table.SubmitTransactionAsync([Addition("p", "1"), Addition("q", "2")]),
            Refused.With(400, TableErrorCode.CommandsInBatchActOnDifferentPartitions.ToString()));
        Assert.That(await table.QueryAsync<TableEntity>().AnyAsync(), Is.False);
    }

    [Test]
    public async Task A_transaction_has_four_mebibytes_at_most()
    {
        var (table, _) = await TableAsync();
        var large = Enumerable.Range(0, 60).Select(i => Addition("p", $"{i}", new byte[60 * 1024]));

        Assert.That(() => table.SubmitTransactionAsync(large), Refused.With(413, "RequestBodyTooLarge"));
    }

    [Test]
    public async Task A_page_may_end_anywhere_even_empty()
    {
        var (table, storage) = await TableAsync();
        storage.Tables.ScanLimit = 2;
        await table.SubmitTransactionAsync(Enumerable.Range(0, 9).Select(i => Addition("p", $"{i}")));

        var pages = await table.QueryAsync<TableEntity>("Bytes eq X'' and RowKey ne '7'").AsPages().ToListAsync();
        var none = await table.QueryAsync<TableEntity>("Bytes eq X'01'").AsPages().ToListAsync();

        Assert.That(pages.Select(page => page.Values.Count), Is.EqualTo(new[] { 2, 2, 2, 1, 1 }));
        Assert.That(none.Select(page => page.Values.Count), Is.EqualTo(new[] { 0, 0, 0, 0, 0 }));
    }

    [Test]
    public async Task A_deleted_table_can_be_created_again_after_a_while()
    {
        var time = new FakeTimeProvider();
        var (table, storage) = await TableAsync(time);
        storage.Tables.DeletionTime = DeletionTime;
        await table.DeleteAsync();

        Assert.That(() => table.CreateAsync(), Refused.With(409, TableErrorCode.TableBeingDeleted.ToString()));
        Assert.That(() => table.AddEntityAsync(new TableEntity("p", "r")), Refused.With(409, TableErrorCode.TableBeingDeleted.ToString()));
        time.Advance(DeletionTime);
        Assert.That(() => table.CreateAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_deleted_queue_can_be_created_again_after_a_while()
    {
        var time = new FakeTimeProvider();
        var storage = new SimulatedStorage(time);
        var options = new QueueClientOptions { Transport = storage.Transport() };
        var queue = new QueueClient(SimulatedStorage.ConnectionString, "queue", options);
        storage.Queues.DeletionTime = DeletionTime;
        await queue.CreateAsync();
        await queue.DeleteAsync();

        Assert.That(() => queue.CreateAsync(), Refused.With(409, QueueErrorCode.QueueBeingDeleted.ToString()));
        time.Advance(DeletionTime);
        Assert.That(() => queue.CreateAsync(), Throws.Nothing);
    }

    private static TableTransactionAction Addition(string partition, string row, byte[]? bytes = null) =>
        new(TableTransactionActionType.Add, new TableEntity(partition, row) { ["Bytes"] = bytes ?? [] });

    private static async Task<(TableClient Table, SimulatedStorage Storage)> TableAsync(TimeProvider? time = null)
    {
        var storage = new SimulatedStorage(time ?? TimeProvider.System);
        var options = new TableClientOptions { Transport = storage.Transport() };
        var table = new TableClient(SimulatedStorage.ConnectionString, "events", options);
        await table.CreateAsync();
        return (table, storage);
    }
}

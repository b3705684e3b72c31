using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace PointWebhooks.Tests.Simulation.Conformance;

[TestFixture(StorageKind.Azurite)]
[TestFixture(StorageKind.Simulated)]
[Parallelizable(ParallelScope.All)]
internal sealed class TransactionTests(StorageKind kind)
{
    private readonly StorageAccount account = new(kind);

    [Test]
    public async Task All_of_it_happens()
    {
        var table = await account.NewTableAsync();
        var old = await table.AddEntityAsync(new TableEntity("p", "old"));
        await table.AddEntityAsync(new TableEntity("p", "merged") { ["A"] = 1 });

        var answers = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "new") { ["Text"] = "a\r\n\r\nb" }),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "merged") { ["B"] = 2 }, ETag.All),
            new(TableTransactionActionType.UpsertReplace, new TableEntity("p", "upserted")),
            new(TableTransactionActionType.Delete, new TableEntity("p", "old"), old.Headers.ETag!.Value),
        ]);

        var rows = await table.QueryAsync<TableEntity>().ToDictionaryAsync(row => row.RowKey);
        Assert.That(rows.Keys, Is.EqualTo(new[] { "merged", "new", "upserted" }));
        Assert.That(rows["new"]["Text"], Is.EqualTo("a\r\n\r\nb"));
        Assert.That((rows["merged"]["A"], rows["merged"]["B"]), Is.EqualTo((1, 2)));
        Assert.That(answers.Value.Select(answer => answer.Status), Is.All.EqualTo(204));
        Assert.That(answers.Value[0].Headers.ETag, Is.EqualTo(rows["new"].ETag));
    }

    [TestCase(TableTransactionActionType.Add, "there", 409, "EntityAlreadyExists")]
    [TestCase(TableTransactionActionType.UpdateMerge, "missing", 404, "ResourceNotFound")]
    [TestCase(TableTransactionActionType.UpdateReplace, "there", 412, "UpdateConditionNotSatisfied")]
    [TestCase(TableTransactionActionType.Delete, "there", 412, "UpdateConditionNotSatisfied")]
    [TestCase(TableTransactionActionType.Delete, "missing", 404, "ResourceNotFound")]
    public async Task Nothing_of_it_happens_when_one_part_is_refused(
        TableTransactionActionType type, string row, int status, string code)
    {
        var table = await account.NewTableAsync();
        var there = await table.AddEntityAsync(new TableEntity("p", "there") { ["A"] = 1 });
        await table.UpdateEntityAsync(new TableEntity("p", "there") { ["A"] = 2 }, ETag.All);
        var before = await RowsAsync(table);

        var transaction = () => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("p", "first")),
            new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "second")),
            new(type, new TableEntity("p", row) { ["A"] = 3 }, there.Headers.ETag!.Value),
            new(TableTransactionActionType.Add, new TableEntity("p", "last")),
        ]);

        Assert.That(
            transaction,
            Throws.TypeOf<TableTransactionFailedException>()
                .With.Property(nameof(RequestFailedException.Status)).EqualTo(status)
                .And.Property(nameof(RequestFailedException.ErrorCode)).EqualTo(code)
                .And.Property(nameof(TableTransactionFailedException.FailedTransactionActionIndex)).EqualTo(2));
        Assert.That(await RowsAsync(table), Is.EqualTo(before));
    }

    [Test]
    public async Task It_takes_a_hundred_operations()
    {
        var table = await account.NewTableAsync();
        var actions = Enumerable.Range(0, 100)
            .Select(i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{i}")));

        var answers = await table.SubmitTransactionAsync(actions);

        Assert.That(answers.Value, Has.Count.EqualTo(100));
    }

    [Test]
    public async Task It_names_no_row_twice()
    {
        var table = await account.NewTableAsync();

        Assert.That(
            () => table.SubmitTransactionAsync(
            [
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "1")),
                new(TableTransactionActionType.UpsertMerge, new TableEntity("p", "1")),
            ]),
            Refused.With(400, TableErrorCode.InvalidDuplicateRow.ToString()));
    }

    private static async Task<IReadOnlyList<(string Row, ETag Version, object? Value)>> RowsAsync(TableClient table) =>
        await table.QueryAsync<TableEntity>().Select(row => (row.RowKey, row.ETag, (object?)row.GetInt32("A"))).ToListAsync();
}

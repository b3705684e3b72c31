using Azure.Data.Tables;

namespace PointWebhooks.Tests.Simulation.Conformance;

[TestFixture(StorageKind.Azurite)]
[TestFixture(StorageKind.Simulated)]
[Parallelizable(ParallelScope.All)]
internal sealed class QueryTests(StorageKind kind)
{
    private static readonly string[] Rows = ["", "!", "A", "B", "Z", "a", "a|1", "a|2", "b", "é"];

    private readonly StorageAccount account = new(kind);

    private static IEnumerable<(string Filter, Func<string, bool> Matches)> Ranges =>
    [
        (TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and RowKey ge {"a"} and RowKey lt {"b"}"), row => Between(row, "a", "b")),
        (TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and RowKey gt {"a|"} and RowKey le {"a|2"}"), row => row is "a|1" or "a|2"),
        (TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and (RowKey eq {"A"} or RowKey eq {"é"})"), row => row is "A" or "é"),
        (TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and not (RowKey ge {"B"})"), row => string.CompareOrdinal(row, "B") < 0),
        (TableClient.CreateQueryFilter<TableEntity>(e => e.PartitionKey == "p" && e.RowKey.CompareTo("Z") > 0),
            row => string.CompareOrdinal(row, "Z") > 0),
        (TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and RowKey ne {"b"}"), row => row != "b"),
    ];

    [TestCaseSource(nameof(Ranges))]
    public async Task Keys_are_compared_by_their_code_units((string Filter, Func<string, bool> Matches) range)
    {
        var table = await FilledAsync("o", "p", "q");

        var found = await table.QueryAsync<TableEntity>(range.Filter).ToListAsync();

        Assert.That(found.Select(row => row.RowKey), Is.EqualTo(Rows.Where(range.Matches)), "these, in their order");
        Assert.That(found.Select(row => row.PartitionKey), Is.All.EqualTo("p"));
    }

    [Test]
    public async Task A_range_of_partitions_comes_in_the_order_of_their_keys()
    {
        var table = await FilledAsync("b", "a", "c", "B");

        var found = await table.QueryAsync<TableEntity>($"PartitionKey ge 'B' and PartitionKey lt 'c' and RowKey eq 'A'").ToListAsync();

        Assert.That(found.Select(row => row.PartitionKey), Is.EqualTo(new[] { "B", "a", "b" }));
    }

    [TestCase("Number ge 2", 2, 3)]
    [TestCase("Long gt 1L and Long lt 3L", 2)]
    [TestCase("Double le 1.5", 1)]
    [TestCase("Truth eq true", 2)]
    [TestCase("Time lt datetime'2026-01-02T00:00:00Z'", 1)]
    [TestCase("Bytes eq X'02'", 2)]
    [TestCase("Text eq 'it''s 3'", 3)]
    [TestCase("Number eq 1 or Text eq 'it''s 3'", 1, 3)]
    [TestCase("Missing eq 1")]
    public async Task Properties_are_compared_by_their_types(string filter, params int[] expected)
    {
        var table = await account.NewTableAsync();
        foreach (var i in Enumerable.Range(1, 3))
        {
            await table.AddEntityAsync(new TableEntity("p", $"{i}")
            {
                ["Number"] = i,
                ["Long"] = (long)i,
                ["Double"] = (double)i,
                ["Truth"] = i == 2,
                ["Time"] = new DateTimeOffset(2026, 1, i, 0, 0, 0, TimeSpan.Zero),
                ["Bytes"] = new[] { (byte)i },
                ["Text"] = $"it's {i}",
            });
        }

        var found = await table.QueryAsync<TableEntity>(filter).ToListAsync();

        Assert.That(found.Select(row => row.GetInt32("Number")), Is.EqualTo(expected));
    }

    [Test]
    public async Task Pages_follow_each_other_without_a_gap()
    {
        var table = await FilledAsync("p", "q");

        var pages = await table.QueryAsync<TableEntity>(maxPerPage: 3, select: ["PartitionKey", "RowKey"]).AsPages().ToListAsync();

        Assert.That(pages.Select(page => page.Values.Count), Is.All.LessThanOrEqualTo(3));
        Assert.That(
            pages.SelectMany(page => page.Values).Select(row => row.PartitionKey + row.RowKey),
            Is.EqualTo(Rows.Select(row => "p" + row).Concat(Rows.Select(row => "q" + row))));
    }

    [Test]
    public async Task A_page_holds_a_thousand_rows_at_most()
    {
        var table = await account.NewTableAsync();
        foreach (var batch in Enumerable.Range(0, 1001).Select(i => new TableEntity("p", $"{i:D4}")).Chunk(100))
            await table.SubmitTransactionAsync(batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)));

        var pages = await table.QueryAsync<TableEntity>().AsPages().ToListAsync();

        Assert.That(pages.Select(page => page.Values.Count), Is.EqualTo(new[] { 1000, 1 }));
    }

    private static bool Between(string row, string from, string until) =>
        string.CompareOrdinal(row, from) >= 0 && string.CompareOrdinal(row, until) < 0;

    private async Task<TableClient> FilledAsync(params string[] partitions)
    {
        var table = await account.NewTableAsync();
        foreach (var partition in partitions)
        {
            await table.SubmitTransactionAsync(Rows.Reverse().Select(
                row => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity(partition, row))));
        }

        return table;
    }
}

using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace PointWebhooks.Tests.Simulation.Conformance;

[TestFixture(StorageKind.Azurite)]
[TestFixture(StorageKind.Simulated)]
[Parallelizable(ParallelScope.All)]
internal sealed class EntityTests(StorageKind kind)
{
    private static readonly ETag Stale = new("W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"");

    private readonly StorageAccount account = new(kind);

    [Test]
    public async Task An_entity_comes_back_with_its_types()
    {
        var table = await account.NewTableAsync();
        var time = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
        var id = Guid.NewGuid();
        var written = new TableEntity("it's | a key", "ключ \u00fc %20 +")
        {
            ["Text"] = "line\n\"quoted\" \ud83d\ude00",
            ["Truth"] = true,
            ["Number"] = -5,
            ["Long"] = long.MaxValue,
            ["Double"] = 1.0,
            ["Time"] = time,
            ["Id"] = id,
            ["Bytes"] = new byte[] { 0, 1, 255 },
            ["Nothing"] = null,
        };

        var added = await table.AddEntityAsync(written);
        var read = (await table.GetEntityAsync<TableEntity>(written.PartitionKey, written.RowKey)).Value;

        Assert.Multiple(() =>
        {
            Assert.That(read.PartitionKey, Is.EqualTo(written.PartitionKey));
            Assert.That(read.RowKey, Is.EqualTo(written.RowKey));
            Assert.That(read.ETag, Is.EqualTo(added.Headers.ETag));
            Assert.That(read.Timestamp, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
            foreach (var (name, value) in written.Where(property => property.Value is not null))
                Assert.That(read[name], Is.EqualTo(value), name);
            Assert.That(read.ContainsKey("Nothing"), Is.False);
        });
    }

    [Test]
    public async Task An_insert_meets_what_is_there()
    {
        var table = await account.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Kept"] = 1 });

        Assert.That(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Kept"] = 2 }),
            Refused.With(409, TableErrorCode.EntityAlreadyExists.ToString()));
        Assert.That((await table.GetEntityAsync<TableEntity>("p", "r")).Value["Kept"], Is.EqualTo(1));
    }

    [Test]
    public async Task Keys_differ_by_case()
    {
        var table = await account.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        await table.AddEntityAsync(new TableEntity("p", "R"));

        Assert.That(await table.QueryAsync<TableEntity>().CountAsync(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_merge_keeps_what_it_does_not_name_and_a_replacement_does_not()
    {
        var table = await account.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = 1 });

        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["B"] = 2, ["C"] = 2 }, ETag.All, TableUpdateMode.Merge);
        var merged = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await table.UpdateEntityAsync(new TableEntity("p", "r") { ["D"] = 3 }, merged.ETag, TableUpdateMode.Replace);
        var replaced = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.That((merged["A"], merged["B"], merged["C"]), Is.EqualTo((1, 2, 2)));
        Assert.That((replaced["A"], replaced["B"], replaced["D"]), Is.EqualTo(((object?)null, (object?)null, 3)));
    }

    [Test]
    public async Task A_write_needs_the_version_it_names()
    {
        var table = await account.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r"));
        var updated = await table.UpdateEntityAsync(new TableEntity("p", "r"), added.Headers.ETag!.Value);
        var code = TableErrorCode.UpdateConditionNotSatisfied.ToString();

        Assert.Multiple(() =>
        {
            Assert.That(updated.Headers.ETag, Is.Not.EqualTo(added.Headers.ETag));
            Assert.That(() => table.UpdateEntityAsync(new TableEntity("p", "r"), added.Headers.ETag!.Value), Refused.With(412, code));
            Assert.That(() => table.UpdateEntityAsync(new TableEntity("p", "r"), Stale, TableUpdateMode.Replace), Refused.With(412, code));
            Assert.That(() => table.DeleteEntityAsync("p", "r", Stale), Refused.With(412, code));
        });
        Assert.That((await table.DeleteEntityAsync("p", "r", updated.Headers.ETag!.Value)).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task What_is_not_there_is_not_changed()
    {
        var table = await account.NewTableAsync();
        var code = TableErrorCode.ResourceNotFound.ToString();

        Assert.That(() => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All), Refused.With(404, code));
        Assert.That(() => table.UpdateEntityAsync(new TableEntity("p", "r"), Stale, TableUpdateMode.Replace), Refused.With(404, code));
        Assert.That(() => table.GetEntityAsync<TableEntity>("p", "r"), Refused.With(404, code));
        Assert.That((await table.DeleteEntityAsync("p", "r")).Status, Is.EqualTo(404));
        Assert.That((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue, Is.False);
    }

    [Test]
    public async Task An_upsert_inserts_or_changes([Values] TableUpdateMode mode)
    {
        var table = await account.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["B"] = 2 }, mode);

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.That(read.ContainsKey("A"), Is.EqualTo(mode == TableUpdateMode.Merge));
        Assert.That(read["B"], Is.EqualTo(2));
    }

    [Test]
    public async Task Only_what_is_selected_is_read()
    {
        var table = await account.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = DateTimeOffset.UnixEpoch });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r", ["B", "RowKey", "Missing"])).Value;

        Assert.That(read.Keys, Is.EquivalentTo(new[] { "odata.etag", "B", "RowKey" }));
        Assert.That(read["B"], Is.EqualTo(DateTimeOffset.UnixEpoch));
    }

    [Test]
    public async Task The_largest_properties_fit()
    {
        var table = await account.NewTableAsync();
        var largest = new TableEntity("p", "r") { ["Text"] = new string('x', 32 * 1024), ["Bytes"] = new byte[64 * 1024] };

        await table.AddEntityAsync(largest);

        Assert.That((await table.GetEntityAsync<TableEntity>("p", "r")).Value["Bytes"], Is.EqualTo(largest["Bytes"]));
    }

    [Test]
    public async Task What_is_too_large_is_refused()
    {
        var table = await account.NewTableAsync();

        Assert.That(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Text"] = new string('x', (32 * 1024) + 1) }),
            Refused.With(400, TableErrorCode.PropertyValueTooLarge.ToString()));
        Assert.That(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Bytes"] = new byte[(64 * 1024) + 1] }),
            Refused.With(400, TableErrorCode.PropertyValueTooLarge.ToString()));
    }
}

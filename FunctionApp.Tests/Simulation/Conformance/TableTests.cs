using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace PointWebhooks.Tests.Simulation.Conformance;

[TestFixture(StorageKind.Azurite)]
[TestFixture(StorageKind.Simulated)]
[Parallelizable(ParallelScope.All)]
internal sealed class TableTests(StorageKind kind)
{
    private readonly StorageAccount account = new(kind);

    [Test]
    public async Task A_table_is_created_once()
    {
        var table = account.MissingTable();

        await table.CreateAsync();

        Assert.That(() => table.CreateAsync(), Refused.With(409, TableErrorCode.TableAlreadyExists.ToString()));
        Assert.That(() => table.CreateIfNotExistsAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_deleted_table_is_gone_with_what_it_held()
    {
        var table = await account.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r"));

        await table.DeleteAsync();

        Assert.That(() => table.GetEntityAsync<TableEntity>("p", "r"), Refused.With(404, TableErrorCode.TableNotFound.ToString()));
        Assert.That((await table.DeleteAsync()).Status, Is.EqualTo(404));
        await table.CreateAsync();
        Assert.That(await table.QueryAsync<TableEntity>().AnyAsync(), Is.False);
    }

    [Test]
    public void Nothing_works_on_a_table_that_does_not_exist()
    {
        var table = account.MissingTable();
        var entity = new TableEntity("p", "r");
        var code = TableErrorCode.TableNotFound.ToString();

        Assert.Multiple(() =>
        {
            Assert.That(() => table.AddEntityAsync(entity), Refused.With(404, code));
            Assert.That(() => table.UpsertEntityAsync(entity), Refused.With(404, code));
            Assert.That(() => table.UpdateEntityAsync(entity, Azure.ETag.All), Refused.With(404, code));
            Assert.That(() => table.GetEntityAsync<TableEntity>("p", "r"), Refused.With(404, code));
            Assert.That(async () => await table.QueryAsync<TableEntity>().AnyAsync(), Refused.With(404, code));
            Assert.That(() => table.SubmitTransactionAsync([new(TableTransactionActionType.Add, entity)]), Refused.With(404, code));
        });
    }
}

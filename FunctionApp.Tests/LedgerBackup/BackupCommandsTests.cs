using PointWebhooks.Ledger;
using PointWebhooks.LedgerBackup;
using PointWebhooks.Tests.Infra;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LedgerBackup;

/// <summary>LedgerBackup as somebody runs it: a process of its own, with its exit code and what it says.</summary>
internal sealed class BackupCommandsTests
{
    private string folder = "";

    private string Backup => Path.Combine(folder, "ledger.jsonl");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("backup-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task What_is_exported_from_one_account_is_restored_into_another()
    {
        using var from = new TestLedger();
        using var to = new TestLedger();
        await from.InsertAsync("one");
        await from.InsertAsync("two");
        await to.InsertAsync("two");

        var exported = await RunAsync(from.Storage, "export");
        var restored = await RunAsync(to.Storage, "restore");

        Assert.That((exported.ExitCode, exported.Output.Trim(), exported.Error), Is.EqualTo((0, $"Exported 2 rows to {Backup}.", "")));
        // Written by a try that was not answered in time, it is there already for the next.
        Assert.That(
            (restored.ExitCode, restored.Output.Trim(), restored.Error),
            Is.AnyOf((0, $"Restored 1 rows from {Backup}; 1 were there already.", ""), (0, $"Restored 0 rows from {Backup}; 2 were there already.", "")));
        Assert.That((await to.FindAsync("one")).State, Is.EqualTo(EventState.Received));
    }

    [TestCase("export", "is there already. Name another file.")]
    [TestCase("restore", "It is no row of a ledger.")]
    public async Task A_file_that_cannot_be_used_is_left_as_it_is(string command, string said)
    {
        using var ledger = new TestLedger();
        await File.WriteAllTextAsync(Backup, "something else");

        var run = await RunAsync(ledger.Storage, command);

        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error.Trim(), Does.EndWith(said).And.Not.Contain("\n"));
        Assert.That(await File.ReadAllTextAsync(Backup), Is.EqualTo("something else"));
    }

    [Test]
    public async Task An_account_that_refuses_is_told_from_one_that_is_not_named()
    {
        using var ledger = new TestLedger();
        var withoutItsKey = ledger.Storage.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);

        var refused = await RunAsync(withoutItsKey, "export");
        var unnamed = await RunAsync("", "export");

        Assert.That((refused.ExitCode, unnamed.ExitCode), Is.EqualTo((1, 1)));
        Assert.That(refused.Error, Does.StartWith(
            "The storage account refuses. You need the role Storage Table Data Reader on it to export and "
            + "Storage Table Data Contributor to restore, and a network that it lets in."));
        Assert.That(unnamed.Error, Does.Contain("AzureWebJobsStorage is missing."));
        Assert.That(File.Exists(Backup), Is.False);
    }

    private Task<ChildProcess.Result> RunAsync(string storage, string command) => ChildProcess.RunAsync(
        folder,
        "dotnet",
        ["exec", typeof(LedgerExport).Assembly.Location, command, Backup],
        new Dictionary<string, string> { ["AzureWebJobsStorage"] = storage, ["DOTNET_NOLOGO"] = "1" });
}

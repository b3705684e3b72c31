using PointWebhooks.LedgerBackup;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LedgerBackup;

/// <summary>Tests of the backup, each with a folder of its own.</summary>
internal abstract class BackupFixture
{
    /// <summary>What was told on the way.</summary>
    protected List<string> Told { get; } = [];

    protected string Folder { get; private set; } = "";

    /// <summary>The file of the backup.</summary>
    protected string Backup => Path.Combine(Folder, "ledger.jsonl");

    [SetUp]
    public void MakeFolder()
    {
        Told.Clear();
        Folder = Directory.CreateTempSubdirectory("backup-").FullName;
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected Task<long> ExportAsync(TestLedger ledger) => new LedgerExport(ledger.Table, Tell).RunAsync(Backup, CancellationToken.None);

    protected Task<(long Added, long Present)> RestoreAsync(TestLedger ledger) =>
        new LedgerRestore(ledger.Table, Tell).RunAsync(Backup, CancellationToken.None);

    protected void Tell(string line)
    {
        lock (Told)
            Told.Add(line);
    }
}

using System.CommandLine;
using Azure;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Settings;
using PointWebhooks.Storage;

namespace PointWebhooks.LedgerBackup;

/// <summary>The command line: <c>export</c> the ledger to a file, or <c>restore</c> it from one.</summary>
internal static class BackupCommands
{
    /// <summary>The commands.</summary>
    public static RootCommand Root() => new(
        "Writes the ledger to a file and reads it back. The storage account is that of the settings: AzureWebJobsStorage as a "
        + "connection string, or AzureWebJobsStorage__accountName, with whoever is signed in to the Azure CLI.")
    {
        Create("export", "Writes every event to a new file, one a line. The app may go on meanwhile.", ExportAsync),
        Create("restore", "Adds what is in a file and not in the ledger. What is there stays as it is.", RestoreAsync),
    };

    private static async Task ExportAsync(PointTable table, string file, CancellationToken cancellationToken)
    {
        var rows = await new LedgerExport(table, Tell).RunAsync(file, cancellationToken);
        Tell($"Exported {rows} rows to {file}.");
    }

    private static async Task RestoreAsync(PointTable table, string file, CancellationToken cancellationToken)
    {
        var (added, present) = await new LedgerRestore(table, Tell).RunAsync(file, cancellationToken);
        Tell($"Restored {added} rows from {file}; {present} were there already.");
    }

    private static Command Create(string name, string description, Func<PointTable, string, CancellationToken, Task> run)
    {
        var file = new Argument<string>("file") { Description = "The file, such as ledger.jsonl." };
        var command = new Command(name, description) { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();
                var table = new PointTable(new StorageConnection(settings), new StorageRetry(TimeProvider.System, Random.Shared));
                await run(table, parsed.GetValue(file)!, cancellationToken);
                return 0;
            }
            catch (Exception e) when (Explanation(e) is { } explanation)
            {
                await Console.Error.WriteLineAsync(explanation);
                return 1;
            }
        });
        return command;
    }

    private static string? Explanation(Exception e) => e switch
    {
        RequestFailedException { Status: 401 or 403 } =>
            "The storage account refuses. You need the role Storage Table Data Reader on it to export and Storage Table Data Contributor to restore, and a network that it lets in.",
        RequestFailedException refused => $"The storage account answers {refused.Status} {refused.ErrorCode}.",
        CredentialUnavailableException or AuthenticationFailedException => "Nobody is signed in. Run: az login",
        SettingsException or FormatException or IOException or UnauthorizedAccessException or TimeoutException => e.Message,
        OperationCanceledException => "Cancelled.",
        _ => null,
    };

    private static void Tell(string line) => Console.WriteLine(line);
}

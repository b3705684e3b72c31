using System.Diagnostics;
using Azure.Data.Tables;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Hosting;

/// <summary>When LocalHost is killed, its emulator has nobody left to write to, and must save what was acknowledged all the same.</summary>
internal sealed class OrphanedEmulatorTests
{
    private const string Key = "b3JwaGFu";

    [Test]
    public async Task An_emulator_whose_parent_was_killed_saves_before_it_ends()
    {
        var root = RepositoryRoot.Find();
        var folder = Directory.CreateTempSubdirectory("orphan-").FullName;
        var ports = StorageEmulator.FreePorts(3);
        var table = new TableClient(StorageEmulator.ConnectionString("orphan", Key, ports), "orphans");
        using (var node = Start(root, ports, folder))
        {
            await Eventually.BecomesAsync(() => Emulator.IsListeningAsync(ports[2], CancellationToken.None), isListening => isListening, "it listens");
            await table.CreateAsync();
            await table.AddEntityAsync(new TableEntity("partition", "row"));

            // As the kernel does it for a process that is killed: every pipe is closed at once.
            node.StandardOutput.Close();
            node.StandardError.Close();
            node.StandardInput.Close();
            await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        }

        await using var again = await Emulator.StartAsync(root, ports, folder, $"orphan:{Key}", CancellationToken.None);
        Assert.That((await table.GetEntityIfExistsAsync<TableEntity>("partition", "row")).HasValue, Is.True);
    }

    private static Process Start(string root, IReadOnlyList<int> ports, string folder) => Process.Start(new ProcessStartInfo(
        "node",
        [
            Path.Combine(root, "tools", "azurite", "start.js"), "--disableTelemetry", "--skipApiVersionCheck",
            "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}", "--tablePort", $"{ports[2]}", "--location", folder,
        ])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["AZURITE_ACCOUNTS"] = $"orphan:{Key}" },
    })!;
}

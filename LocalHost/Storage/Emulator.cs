using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>
/// The storage emulator Azurite, pinned in tools/azurite, as a child process. It ends when this process ends, however that
/// happens: it watches its standard input, which the operating system closes with us.
/// </summary>
public sealed class Emulator : IAsyncDisposable
{
    /// <summary>The ports of the development storage (<c>UseDevelopmentStorage=true</c>): blobs, queues, tables.</summary>
    public static readonly IReadOnlyList<int> DevelopmentPorts = [10000, 10001, 10002];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();

    private Emulator(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    /// <summary>Installs the emulator from its lock file, unless that has been done.</summary>
    public static async Task InstallAsync(string root, Action<string> tell, CancellationToken cancellationToken)
    {
        var folder = Folder(root);
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        var locked = Path.Combine(folder, "package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(locked))
            return;

        tell("Installing the storage emulator (once, with npm) ...");
        var windows = OperatingSystem.IsWindows();
        var start = new ProcessStartInfo(windows ? "cmd" : "npm", windows ? ["/c", "npm", "ci"] : ["ci"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Start(start, "npm");
        var said = await Task.WhenAll(
            npm.StandardOutput.ReadToEndAsync(cancellationToken), npm.StandardError.ReadToEndAsync(cancellationToken));
        await npm.WaitForExitAsync(cancellationToken);
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"`npm ci` in tools/azurite failed:\n{string.Concat(said)}");
        File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
    }

    /// <summary>Starts the emulator and waits until it listens.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="ports">The ports for blobs, queues and tables.</param>
    /// <param name="dataFolder">Where it keeps its data, or null to keep it in memory.</param>
    /// <param name="accounts">Accounts beside the development account, as <c>name:base64key;…</c>, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Emulator> StartAsync(
        string root, IReadOnlyList<int> ports, string? dataFolder, string? accounts, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node",
        [
            Path.Combine(Folder(root), "start.js"), "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}", "--tablePort", $"{ports[2]}",
            .. dataFolder is null ? (string[])["--inMemoryPersistence"] : ["--location", dataFolder],
        ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (accounts is not null)
            start.Environment["AZURITE_ACCOUNTS"] = accounts;

        var emulator = new Emulator(Start(start, "node"));
        emulator.process.BeginOutputReadLine();
        emulator.process.BeginErrorReadLine();
        try
        {
            await emulator.WaitUntilListeningAsync(ports, cancellationToken);
            if (dataFolder is not null)
            {
                await File.WriteAllTextAsync(
                    Path.Combine(dataFolder, "emulator.lock"), $"{Environment.ProcessId} {emulator.process.Id}", cancellationToken);
            }

            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Waits for the emulator of a process that was killed: it is saving its data, and must not be taken for one that stays.
    /// </summary>
    public static async Task WaitForOrphanAsync(string dataFolder, CancellationToken cancellationToken)
    {
        var lockFile = Path.Combine(dataFolder, "emulator.lock");
        if (!File.Exists(lockFile) || (await File.ReadAllTextAsync(lockFile, cancellationToken)).Split(' ') is not [var parent, var child])
            return;

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        while (!IsRunning(parent) && IsRunning(child))
            await Task.Delay(50, deadline.Token);
    }

    /// <summary>Whether something listens on a port of this machine.</summary>
    public static async Task<bool> IsListeningAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Kills the emulator at once, without letting it save: for tests.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
    }

    /// <summary>Lets the emulator save its data and end.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!process.HasExited)
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
            }
        }
        catch (TimeoutException)
        {
            Kill();
        }

        process.Dispose();
    }

    private static bool IsRunning(string processId)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(processId, null));
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Folder(string root) => Path.Combine(root, "tools", "azurite");

    private static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException(
                $"`{program}` was not found. Install Node.js 20 or newer, or set AzureWebJobsStorage to a storage account.");
        }
    }

    private async Task WaitUntilListeningAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartTimeout);
        foreach (var port in ports)
        {
            while (!await IsListeningAsync(port, deadline.Token))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"The storage emulator ended with {process.ExitCode}:\n{Output()}");
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }

    private string Output()
    {
        lock (output)
            return output.ToString();
    }
}

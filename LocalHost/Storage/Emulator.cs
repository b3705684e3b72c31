using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>
/// The storage emulator Azurite, pinned in tools/azurite, as a child process. It ends when this process ends, however that
/// happens: it watches its standard input, which the operating system closes with us.
/// </summary>
internal sealed class Emulator : IAsyncDisposable
{
    /// <summary>The ports of the development storage (<c>UseDevelopmentStorage=true</c>): blobs, queues, tables.</summary>
    public static readonly IReadOnlyList<int> DevelopmentPorts = [10000, 10001, 10002];

    /// <summary>Ports that the operating system chooses; <see cref="Ports"/> says which.</summary>
    public static readonly IReadOnlyList<int> AnyPorts = [0, 0, 0];

    private const string Listening = "Azurite ([A-Za-z]+) service is successfully listening at http://127.0.0.1:([0-9]+)";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);
    private static readonly string[] Services = ["Blob", "Queue", "Table"];

    private readonly StringBuilder output = new();
    private readonly int[] ports = new int[3];
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource kill = new();
    private readonly Task<CommandResult> running;

    private Emulator(Command command) => running = command
        // Open until the emulator is to end.
        .WithStandardInputPipe(PipeSource.Create((_, cancellationToken) => stopping.Task.WaitAsync(cancellationToken)))
        .WithStandardOutputPipe(PipeTarget.ToDelegate(Keep))
        .WithStandardErrorPipe(PipeTarget.ToDelegate(Keep))
        .WithValidation(CommandResultValidation.None)
        .ExecuteAsync(kill.Token).Task;

    /// <summary>The ports for blobs, queues and tables.</summary>
    public IReadOnlyList<int> Ports => ports;

    /// <summary>Starts the emulator and waits until it listens.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="ports">The ports for blobs, queues and tables.</param>
    /// <param name="dataFolder">Where it keeps its data, or null to keep it in memory.</param>
    /// <param name="accounts">The accounts in place of the development account, as <c>name:base64key;…</c>, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message says why.</exception>
    public static async Task<Emulator> StartAsync(
        string root, IReadOnlyList<int> ports, string? dataFolder, string? accounts, CancellationToken cancellationToken)
    {
        var command = Cli.Wrap("node")
            .WithArguments(
            [
                Path.Combine(EmulatorPackage.Folder(root), "start.js"), "--silent", "--disableTelemetry", "--skipApiVersionCheck",
                "--blobPort", $"{ports[0]}", "--queuePort", $"{ports[1]}", "--tablePort", $"{ports[2]}",
                .. dataFolder is null ? (string[])["--inMemoryPersistence"] : ["--location", dataFolder],
            ])
            .WithEnvironmentVariables(environment => environment.Set("AZURITE_ACCOUNTS", accounts));
        try
        {
            var emulator = new Emulator(command);
            await emulator.WaitUntilListeningAsync(cancellationToken);
            return emulator;
        }
        catch (Win32Exception)
        {
            throw EmulatorPackage.Missing("node");
        }
    }

    /// <summary>Lets the emulator save its data and end.</summary>
    public async ValueTask DisposeAsync()
    {
        stopping.TrySetResult();
        kill.CancelAfter(StopTimeout);
        await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        kill.Dispose();
    }

    private async Task WaitUntilListeningAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await Task.WhenAny(listening.Task, running).WaitAsync(StartTimeout, cancellationToken) == running)
                throw new InvalidOperationException($"The storage emulator did not start:\n{Output()}");
        }
        catch (Exception e)
        {
            await kill.CancelAsync();
            await DisposeAsync();
            if (e is TimeoutException)
            {
                throw new InvalidOperationException(
                    $"The storage emulator did not listen within {StartTimeout.TotalSeconds} s:\n{Output()}");
            }

            throw;
        }
    }

    private void Keep(string line)
    {
        lock (output)
        {
            output.AppendLine(line);
            if (Regex.Match(line, Listening) is not { Success: true } said)
                return;

            ports[Array.IndexOf(Services, said.Groups[1].Value)] = int.Parse(said.Groups[2].ValueSpan, null);
            if (!ports.Contains(0))
                listening.TrySetResult();
        }
    }

    private string Output()
    {
        lock (output)
            return output.ToString().TrimEnd();
    }
}

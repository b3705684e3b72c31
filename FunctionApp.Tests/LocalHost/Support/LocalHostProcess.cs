using System.Globalization;
using System.Text;
using CliWrap;
using PointWebhooks.LocalHost;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>LocalHost as somebody runs it: a process of its own, with a console that is read and a Ctrl+C that can be pressed.</summary>
internal sealed class LocalHostProcess : IAsyncDisposable
{
    // The bit of SIGINT, as proc(5) counts them.
    private const ulong SigInt = 1UL << (2 - 1);

    private readonly CancellationTokenSource kill = new();
    private readonly StringBuilder output = new();
    private readonly CleanRepository? repository;
    private readonly CommandTask<CommandResult> running;

    private LocalHostProcess(string? folder, IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        RealParts.Need("a process");
        if (folder is null)
        {
            repository = new CleanRepository();
            folder = repository.Folder;
        }

        var target = PipeTarget.ToDelegate(line =>
        {
            lock (output)
                output.AppendLine(line);
        });
        string[] command = ["dotnet", "exec", typeof(RepositoryRoot).Assembly.Location, .. arguments];
        if (IgnoresInterrupts())
            command = ["env", "--default-signal=INT", .. command];
        running = Cli.Wrap(command[0])
            .WithArguments(command[1..])
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(environment)
            .WithStandardOutputPipe(target)
            .WithStandardErrorPipe(target)
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(kill.Token);
    }

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">The folder of its repository, or null for one without settings of its own.</param>
    /// <param name="environment">What differs from the environment of this test run.</param>
    /// <param name="arguments">Its arguments.</param>
    public static LocalHostProcess Start(string? folder, Dictionary<string, string?> environment, params string[] arguments) => new(
        folder,
        new Dictionary<string, string?>(environment) { ["DOTNET_NOLOGO"] = "1" },
        arguments);

    /// <summary>Starts it at ports that are free, and waits until the console says something.</summary>
    public static async Task<(LocalHostProcess Process, int Port)> StartAtFreePortsAsync(
        Dictionary<string, string?> environment, string until, params string[] arguments)
    {
        while (true)
        {
            // The simulator takes the next one.
            var ports = StorageEmulator.FreePorts(2);
            if (ports[1] != ports[0] + 1)
                continue;
            var port = ports[0];
            var process = Start(null, environment, [.. arguments, "--port", $"{port}"]);
            await process.SaysAsync(until, "is in use");
            if (process.Output.Contains(until, StringComparison.Ordinal))
                return (process, port);
            // Somebody was quicker to take it.
            await process.DisposeAsync();
        }
    }

    /// <summary>Waits until the console says one of some texts.</summary>
    public Task SaysAsync(params string[] texts) => Eventually.BecomesAsync(
        () => Task.FromResult(Output),
        said => texts.Any(text => said.Contains(text, StringComparison.Ordinal)),
        $"LocalHost says {string.Join(" or ", texts)}");

    /// <summary>Presses Ctrl+C.</summary>
    public async Task InterruptAsync() => await Cli.Wrap("kill").WithArguments(["-INT", $"{running.ProcessId}"]).ExecuteAsync();

    /// <summary>SIGKILL: nothing of the process runs any more. The processes that it started are left alone.</summary>
    public void Kill()
    {
        using var process = System.Diagnostics.Process.GetProcessById(running.ProcessId);
        process.Kill();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code, and for how long it was waited.</returns>
    public async Task<(int ExitCode, TimeSpan Waited)> EndAsync()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        try
        {
            return ((await running.Task.WaitAsync(TimeSpan.FromMinutes(2))).ExitCode, started.Elapsed);
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"LocalHost runs on:\n{Output}");
        }
    }

    // As the background job of a shell without job control does, and so would all that it starts.
    private static bool IgnoresInterrupts() => OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } ignored
        && (ulong.Parse(ignored["SigIgn:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & SigInt) != 0;

    public async ValueTask DisposeAsync()
    {
        await kill.CancelAsync();
        await ((Task)running.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        kill.Dispose();
        repository?.Dispose();
    }
}

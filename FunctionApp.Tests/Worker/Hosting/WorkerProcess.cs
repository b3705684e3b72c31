using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>A built function app as a process, with the command line and the environment that the Functions host gives it.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly StringBuilder error = new();
    private readonly Process process;

    private WorkerProcess(Process process) => this.process = process;

    /// <summary>The folder that FunctionApp was built into.</summary>
    public static string BuiltFolder { get; } = Path.GetFullPath(typeof(WorkerProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "FunctionAppFolder").Value!);

    /// <summary>Ends when the process has ended and all it wrote is read; its exit code.</summary>
    public Task<int> Exited => ExitAsync();

    /// <summary>The id of the process.</summary>
    public int Id => process.Id;

    /// <summary>The most bytes of the machine's memory that it has held.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>What it has written to standard error, which the host logs line by line.</summary>
    public string Error
    {
        get
        {
            lock (error)
                return error.ToString();
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="host">The address of the host's gRPC server.</param>
    /// <param name="folder">The folder of the app.</param>
    /// <param name="settings">The app settings, named as environment variables.</param>
    public static WorkerProcess Start(Uri host, string folder, IReadOnlyDictionary<string, string> settings)
    {
        var (workerId, requestId, maxMessageLength) = (Guid.NewGuid(), Guid.NewGuid(), int.MaxValue.ToString(CultureInfo.InvariantCulture));
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(folder, WorkerPath(folder)),
                "--host", host.Host, "--port", $"{host.Port}", "--workerId", $"{workerId}", "--requestId", $"{requestId}",
                "--grpcMaxMessageLength", maxMessageLength,
                "--functions-uri", host.AbsoluteUri, "--functions-worker-id", $"{workerId}", "--functions-request-id", $"{requestId}",
                "--functions-grpc-max-message-length", maxMessageLength,
            ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
                // Its web server says that it has its port.
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information",
            },
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker.process.ErrorDataReceived += (_, line) => worker.Keep(line.Data);
        worker.process.Start();
        worker.process.BeginOutputReadLine();
        worker.process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {process.Id}"]);
        kill.WaitForExit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static string WorkerPath(string folder)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "worker.config.json")));
        return config.RootElement.GetProperty("description").GetProperty("defaultWorkerPath").GetString()!;
    }

    private async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private void Keep(string? line)
    {
        lock (error)
            error.AppendLine(line);
    }
}

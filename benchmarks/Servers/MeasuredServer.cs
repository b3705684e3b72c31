using System.Diagnostics;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>A server that is measured, in a process of its own; it ends with this one.</summary>
internal sealed class MeasuredServer : IDisposable
{
    private readonly Process process;

    private MeasuredServer(Process process, Uri url) => (this.process, Url) = (process, url);

    /// <summary>Where it receives webhooks.</summary>
    public Uri Url { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Processor
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The memory that it holds, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts one of <see cref="MeasuredServers"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">Its settings, as environment variables.</param>
    public static async Task<MeasuredServer> StartAsync(string name, IReadOnlyDictionary<string, string>? settings = null)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(MeasuredServer).Assembly.Location, "serve", name])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (setting, value) in settings ?? new Dictionary<string, string>())
            start.Environment[setting] = value;
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        // A process whose output nobody reads stops when the pipe is full.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return Uri.TryCreate(line, UriKind.Absolute, out var url)
            ? new MeasuredServer(process, url)
            : throw new InvalidOperationException($"The server {name} did not start: {line}");
    }

    /// <summary>Adopts a process that is a server already.</summary>
    /// <param name="process">The process.</param>
    /// <param name="url">Where it receives.</param>
    public static MeasuredServer Of(Process process, Uri url) => new(process, url);

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}

using System.Diagnostics;
using System.Text;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>The app in a process of its own, that can be killed and started again at the same address.</summary>
internal sealed class AppProcess(ChildArguments arguments, IReadOnlyDictionary<string, string> settings) : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = Scenario.Patience;

    private readonly Lock gate = new();
    private readonly StringBuilder output = new();
    private Process? process;
    private Process? killed;

    /// <summary>Where it listens.</summary>
    public Uri Url { get; } = new($"http://127.0.0.1:{arguments.Port}");

    /// <summary>What it has written so far, over all its lives.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>The bytes it holds of the machine's memory.</summary>
    public long WorkingSet
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it, without waiting until it listens.</summary>
    /// <param name="clockShift">How far its clock is to be ahead.</param>
    /// <returns>Ends when it listens, or when it has been killed before; fails when it ended by itself.</returns>
    public Task StartAsync(TimeSpan clockShift = default)
    {
        RealParts.Need("a process");
        var commandLine = (arguments with { ClockShift = clockShift }).ToCommandLine();
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(AppProcess).Assembly.Location, "host", .. commandLine])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;

        var child = new Process { StartInfo = start, EnableRaisingEvents = true };
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        child.Exited += (_, _) => Ended(child, listening);
        child.OutputDataReceived += (_, line) => Keep(line.Data, listening);
        child.ErrorDataReceived += (_, line) => Keep(line.Data, listening);
        lock (gate)
        {
            child.Start();
            process = child;
        }

        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return listening.Task.WaitAsync(StartTimeout);
    }

    /// <summary>Kills it (SIGKILL) and waits until it is gone.</summary>
    public void Kill()
    {
        lock (gate)
        {
            killed = process;
            process?.Kill();
            process?.WaitForExit();
        }
    }

    /// <summary>Stops it as a host does: what is in work may finish.</summary>
    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync().WaitAsync(StartTimeout);
            }
            catch (TimeoutException)
            {
                Kill();
                throw;
            }
        }

        process?.Dispose();
    }

    private void Ended(Process child, TaskCompletionSource listening)
    {
        if (ReferenceEquals(child, killed))
            listening.TrySetResult();
        else
            listening.TrySetException(new InvalidOperationException($"The app has ended before it listened:\n{Output}"));
    }

    private void Keep(string? line, TaskCompletionSource listening)
    {
        if (line == ChildHost.Listening)
            listening.TrySetResult();
        lock (output)
            output.AppendLine(line);
    }
}

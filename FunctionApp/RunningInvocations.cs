using System.Runtime.ExceptionServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PointWebhooks;

/// <summary>
/// Keeps the process until the invocations it runs have ended, at most for the shutdown timeout of the .NET host, 30 seconds. The
/// worker by itself waits for none but HTTP requests: stopped in the midst of a handler, its event would stay claimed until the
/// lease ends, and an effect that was not recorded yet would be repeated.
/// </summary>
internal sealed partial class RunningInvocations(ILogger<RunningInvocations> logger) : IFunctionsWorkerMiddleware, IHostedService
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // One more than run, until the process is to stop.
    private int running = 1;

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        Interlocked.Increment(ref running);
        try
        {
            await next(context);
        }
        // The worker's executor wraps what a function throws; the host and its log are to have it as it is.
        catch (AggregateException e) when (e.InnerExceptions is [var thrown])
        {
            ExceptionDispatchInfo.Throw(thrown);
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        LogStopping(running - 1);
        End();
        await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
            LogLeft(running);
    }

    private void End()
    {
        if (Interlocked.Decrement(ref running) == 0)
            ended.TrySetResult();
    }

    [LoggerMessage(90, LogLevel.Information, "Stopping. Waiting for {Count} running invocations to end.")]
    private partial void LogStopping(int count);

    [LoggerMessage(
        91, LogLevel.Warning, "Stopping while {Count} invocations still run. Their events are processed again when their leases end.")]
    private partial void LogLeft(int count);
}

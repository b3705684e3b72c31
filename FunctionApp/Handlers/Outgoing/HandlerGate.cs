using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>
/// Stands before one handler: so many events at once, and a system that is in trouble is left alone, so that one that comes back is not run
/// over by what has gathered meanwhile. What may not be called fails as transient, and says so.
/// </summary>
internal sealed partial class HandlerGate : IDisposable
{
    // Half of the calls of a minute, once there are five, open the circuit for half a minute; then one call tries.
    private const double FailureRatio = 0.5;
    private const int MinimumThroughput = 5;
    private static readonly TimeSpan Sampling = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(30);

    private readonly string handler;
    // Not a semaphore: who waits for one with a token goes on on a thread of the pool, and the simulation knows one thread.
    private readonly ConcurrencyLimiter turns;
    private readonly ResiliencePipeline pipeline;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CircuitBreakerStateProvider circuit = new();
    private CircuitState lastSeen = CircuitState.Closed;
    private long heldUntil;

    /// <param name="handler">The handler's name.</param>
    public HandlerGate(string handler, HandlerLimits limits, TimeProvider time, ILogger logger)
    {
        (this.handler, this.time, this.logger) = (handler, time, logger);
        turns = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = limits.Concurrency, QueueLimit = int.MaxValue });
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = FailureRatio,
                MinimumThroughput = MinimumThroughput,
                SamplingDuration = Sampling,
                BreakDuration = BreakDuration,
                ShouldHandle = arguments =>
                    new ValueTask<bool>(IsTrouble(arguments.Outcome.Exception, arguments.Context.CancellationToken)),
                // Not its callbacks, which run on another thread, to log what changes: virtual time has one.
                StateProvider = circuit,
            })
            .AddTimeout(HandlerLimits.TotalTime)
            .Build();
    }

    /// <summary>Whether the handler is called (<see cref="HandlerHealth.Circuit"/>).</summary>
    public string Circuit => HeldFor > TimeSpan.Zero ? "held"
        : circuit.CircuitState switch
        {
            CircuitState.Closed => "closed",
            CircuitState.HalfOpen => "trying",
            _ => "open",
        };

    private TimeSpan HeldFor => new DateTimeOffset(Interlocked.Read(ref heldUntil), TimeSpan.Zero) - time.GetUtcNow();

    /// <summary>Runs the handler when it is its turn.</summary>
    /// <param name="handle">Runs it.</param>
    /// <param name="stopping">Cancelled when the handler is to stop.</param>
    /// <param name="isWanted">Whether it is to run at all, asked when its turn has come; null for yes.</param>
    /// <returns>Whether it ran.</returns>
    /// <exception cref="TransientFailureException">It may not be called now, or took too long.</exception>
    public async Task<bool> RunAsync(
        Func<CancellationToken, Task> handle, CancellationToken stopping, Func<Task<bool>>? isWanted = null)
    {
        using var turn = await turns.AcquireAsync(1, stopping);
        // Before the circuit: what does not run says nothing of the system that is called.
        if (isWanted is not null && !await isWanted())
            return false;
        // The clock of the simulation needs all to go on where it was.
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: true, stopping);
        try
        {
            ThrowIfHeld();
            await pipeline.ExecuteAsync(async running => await handle(running.CancellationToken), context);
            return true;
        }
        catch (BrokenCircuitException e)
        {
            throw new TransientFailureException(
                $"Not called, because most of the last calls failed; the next may be made in {Seconds(e.RetryAfter ?? BreakDuration)}.",
                e.RetryAfter ?? BreakDuration);
        }
        catch (TimeoutRejectedException e)
        {
            throw new TransientFailureException($"It did not finish within {Seconds(HandlerLimits.TotalTime)}.", null, e);
        }
        catch (TransientFailureException e) when (e is { RetryAfter: { } pause, ConcernsEventAlone: false })
        {
            Hold(pause);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
            LogChange();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    private static bool IsTrouble(Exception? failure, CancellationToken stopping) =>
        failure is not (null or PermanentFailureException or TransientFailureException { ConcernsEventAlone: true })
        && !stopping.IsCancellationRequested;

    // Rounded up: 0 s would be said of what is not possible yet.
    private static string Seconds(TimeSpan time) => $"{Math.Ceiling(time.TotalSeconds):0} s";

    private void LogChange()
    {
        var now = circuit.CircuitState;
        var before = Interlocked.Exchange(ref lastSeen, now);
        if (now == CircuitState.Open && before != now)
            LogOpened(handler, BreakDuration.TotalSeconds);
        if (now == CircuitState.Closed && before != now)
            LogClosed(handler);
    }

    private void ThrowIfHeld()
    {
        var left = HeldFor;
        if (left > TimeSpan.Zero)
        {
            throw new TransientFailureException($"Not called, because it has asked to be left alone for another {Seconds(left)}.", left)
            {
                ConcernsEventAlone = true,
            };
        }
    }

    private void Hold(TimeSpan pause)
    {
        var until = (time.GetUtcNow() + pause).UtcTicks;
        // Of several that run side by side, the longest.
        long held;
        do
            held = Interlocked.Read(ref heldUntil);
        while (held < until && Interlocked.CompareExchange(ref heldUntil, until, held) != held);

        LogHeld(handler, pause.TotalSeconds);
    }

    [LoggerMessage(21, LogLevel.Warning, "Handler {Handler} is not called for {Seconds:0} s, because most of its last calls failed.")]
    private partial void LogOpened(string handler, double seconds);

    [LoggerMessage(22, LogLevel.Information, "Handler {Handler} is called again.")]
    private partial void LogClosed(string handler);

    [LoggerMessage(23, LogLevel.Warning, "Handler {Handler} is not called for {Seconds:0} s, because it was asked to wait.")]
    private partial void LogHeld(string handler, double seconds);
}

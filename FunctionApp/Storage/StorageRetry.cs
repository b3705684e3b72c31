using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;

namespace PointWebhooks.Storage;

/// <summary>
/// How patient this app is with its storage account: a budget of time, not of tries. A partition that moves answers 503 at once
/// for seconds, a network that is down does not answer at all, and a sender is waiting meanwhile. The clients' own retries are off
/// (<see cref="StorageConnection"/>), because they count tries and leave the token request outside their timeout.
/// </summary>
internal sealed class StorageRetry(TimeProvider time, Random random)
{
    /// <summary>How long one try may take, the token included, before another one is worth more.</summary>
    public static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Calls storage until it succeeds, fails for good, or the budget is used up.</summary>
    /// <param name="call">The call; it may run several times.</param>
    /// <param name="budget">The time that all tries and pauses may take together.</param>
    /// <param name="cancellationToken">
    /// Ends the trying. Writes are given none: whether a cancelled write took effect is not known.
    /// </param>
    /// <exception cref="TimeoutException">Storage did not answer within the budget.</exception>
    /// <exception cref="RequestFailedException">Storage refused, or failed until the budget was used up.</exception>
    public Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, TimeSpan budget, CancellationToken cancellationToken = default) =>
        RunAsync(call, budget, time.GetTimestamp(), cancellationToken);

    /// <summary>Calls storage for one page after the other, each of which has tries of its own.</summary>
    /// <param name="page">Reads the next page, and returns whether there is another one; it may run several times for a page.</param>
    /// <param name="budget">The time that all pages may take together.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="TimeoutException">Storage did not answer within the budget.</exception>
    /// <exception cref="RequestFailedException">Storage refused, or failed until the budget was used up.</exception>
    public async Task RunPagesAsync(Func<CancellationToken, Task<bool>> page, TimeSpan budget, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (await RunAsync(page, budget, started, cancellationToken))
        {
        }
    }

    private async Task<T> RunAsync<T>(
        Func<CancellationToken, Task<T>> call, TimeSpan budget, long started, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            var left = budget - time.GetElapsedTime(started);
            try
            {
                return await TryAsync(call, left < TryTimeout ? left : TryTimeout, budget, cancellationToken);
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                var pause = PauseAfter(tried);
                if (time.GetElapsedTime(started) + pause >= budget)
                    throw;
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    private async Task<T> TryAsync<T>(
        Func<CancellationToken, Task<T>> call, TimeSpan limit, TimeSpan budget, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.FromMilliseconds(1), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await call(either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Storage did not answer within {budget.TotalSeconds:0.#} s.", e);
        }
    }

    // Full jitter: what failed together does not come back together.
    private TimeSpan PauseAfter(int tried)
    {
        // In seconds: as a time, the power would overflow within a minute.
        var longest = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, tried - 1), LongestPause.TotalSeconds);
        return TimeSpan.FromSeconds(longest * random.NextDouble());
    }

    private static bool IsTransient(Exception exception) => exception switch
    {
        RequestFailedException failed =>
            failed.Status is 0 or 408 or 429 or >= 500 || failed.ErrorCode == TableErrorCode.TableBeingDeleted,
        AggregateException all => all.InnerExceptions.All(IsTransient),
        _ => exception is TimeoutException or IOException or AuthenticationFailedException,
    };
}

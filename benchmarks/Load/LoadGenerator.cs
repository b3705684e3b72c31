using System.Collections.Concurrent;
using System.Diagnostics;

namespace PointWebhooks.Benchmarks.Load;

/// <summary>Sends requests over many connections, each as soon as the one before is answered.</summary>
internal static class LoadGenerator
{
    /// <summary>Sends requests.</summary>
    /// <param name="url">Whose host and port to connect to.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="expected">The status that each must be answered with.</param>
    /// <param name="processor">The processor time of the server so far.</param>
    /// <exception cref="InvalidOperationException">The server answers something else.</exception>
    public static async Task<LoadResult> RunAsync(
        Uri url, int connections, IReadOnlyList<byte[]> requests, int expected, Func<TimeSpan> processor)
    {
        var open = Enumerable.Range(0, connections).Select(_ => new RawConnection()).ToList();
        try
        {
            await Task.WhenAll(open.Select(connection => connection.ConnectAsync(url)));
            var next = -1;
            return await RunAsync(open, requests.Count, processor, async connection =>
            {
                var i = Interlocked.Increment(ref next);
                if (i >= requests.Count)
                    return false;
                if (await connection.SendAsync(requests[i]) is var status && status != expected)
                    throw new InvalidOperationException($"{url} answered {status}, not {expected}.");
                return true;
            });
        }
        finally
        {
            foreach (var connection in open)
                connection.Dispose();
        }
    }

    /// <summary>Has each of many workers do one thing after the other, until there is nothing left.</summary>
    /// <param name="workers">Who works side by side.</param>
    /// <param name="count">How many things there are.</param>
    /// <param name="processor">The processor time of the server so far.</param>
    /// <param name="tryNext">Does the next thing, unless there is none left.</param>
    public static async Task<LoadResult> RunAsync<T>(
        IReadOnlyList<T> workers, int count, Func<TimeSpan> processor, Func<T, Task<bool>> tryNext)
    {
        var latencies = new ConcurrentBag<double>();
        var (busy, began) = (processor(), Stopwatch.GetTimestamp());
        await Task.WhenAll(workers.Select(worker => Task.Run(async () =>
        {
            for (var since = Stopwatch.GetTimestamp(); await tryNext(worker); since = Stopwatch.GetTimestamp())
                latencies.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        })));
        var (took, used) = (Stopwatch.GetElapsedTime(began), processor() - busy);
        return new LoadResult(count / took.TotalSeconds, used.TotalMicroseconds / count, [.. latencies.Order()]);
    }
}

using System.Diagnostics;
using Azure.Storage.Queues;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>Watches a queue until it is empty.</summary>
internal static class QueueDrain
{
    // One of how many only warms up.
    private const int WarmUp = 3;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Messages a second, over the last two thirds of them: during the first third code is compiled rather than run.</summary>
    /// <param name="storage">The connection to the account.</param>
    /// <param name="name">The queue's name.</param>
    /// <param name="count">How many messages it has.</param>
    public static async Task<double> RateAsync(string storage, string name, int count)
    {
        var queue = new QueueClient(storage, name);
        var (deadline, began, first) = (DateTime.UtcNow + Longest, 0L, count);
        while (DateTime.UtcNow < deadline)
        {
            var left = (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;
            if (left <= count - (count / WarmUp) && began == 0)
                (began, first) = (Stopwatch.GetTimestamp(), left);
            if (left == 0)
                return first / Stopwatch.GetElapsedTime(began).TotalSeconds;
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        throw new TimeoutException($"The queue {name} is not empty yet.");
    }
}

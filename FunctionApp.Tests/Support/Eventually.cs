using System.Net;

namespace PointWebhooks.Tests.Support;

/// <summary>Waits for something to become true, with a deadline far beyond what it takes.</summary>
internal static class Eventually
{
    // What a busy machine fails to do in time, the relay does minutes later.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Looks again and again until the condition holds; fails with the last value seen.</summary>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> look, Func<T, bool> condition, string what)
    {
        var until = DateTime.UtcNow + Deadline;
        while (true)
        {
            var seen = await look();
            if (condition(seen))
                return seen;
            if (DateTime.UtcNow > until)
                throw new AssertionException($"After {Deadline.TotalSeconds} s, not so: {what}. Last seen: {seen}");
            await Task.Delay(20);
        }
    }

    /// <summary>Asks until the answer is another than 503: a busy machine's storage is not always in time.</summary>
    public static Task<HttpResponseMessage> AnsweredAsync(Func<Task<HttpResponseMessage>> ask, string what) =>
        BecomesAsync(ask, answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable, $"{what} is answered");

    /// <summary>Looks again and again until the condition holds.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) =>
        BecomesAsync(() => Task.FromResult(condition()), holds => holds, what);
}

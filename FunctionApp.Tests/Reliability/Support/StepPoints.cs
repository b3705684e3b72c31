using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// The points before and after each step of an app, as <c>claim.before</c> and <c>claim.after</c>. The app knows nothing of them:
/// they are passed outside of it, where its requests to storage and downstream go by.
/// </summary>
internal sealed class StepPoints
{
    private readonly ConcurrentDictionary<string, int> passed = [];

    /// <summary>Decides what happens at a point, and may do something there first, or hold the request for a while.</summary>
    public Func<string, Task<Verdict>> At { get; set; } = _ => Task.FromResult(Verdict.Pass);

    /// <summary>Every point that was reached, and how often.</summary>
    public IReadOnlyDictionary<string, int> Reached => passed;

    /// <summary>A request arrives at the point before a step.</summary>
    /// <returns>Whether it goes on.</returns>
    public Task<bool> BeforeAsync(string step, HttpContext request) => ReachAsync($"{step}.before", request);

    /// <summary>A request arrives at the point after a step.</summary>
    /// <returns>Whether it is answered.</returns>
    public Task<bool> AfterAsync(string step, HttpContext request) => ReachAsync($"{step}.after", request);

    /// <summary>How often a point was reached.</summary>
    public int Count(string point) => passed.GetValueOrDefault(point);

    /// <summary>Lets something happen at a point the first so many times it is reached.</summary>
    public void DisturbAt(string point, int times, Verdict verdict)
    {
        var left = times;
        At = reached => Task.FromResult(reached == point && Interlocked.Decrement(ref left) >= 0 ? verdict : Verdict.Pass);
    }

    private async Task<bool> ReachAsync(string point, HttpContext request)
    {
        passed.AddOrUpdate(point, 1, (_, count) => count + 1);
        var verdict = await At(point);
        if (verdict == Verdict.Drop)
            request.Abort();
        else if (verdict == Verdict.Unavailable)
            request.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        else if (verdict == Verdict.Gone)
            request.Response.StatusCode = StatusCodes.Status410Gone;
        return verdict == Verdict.Pass;
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// The points before and after each step of an app, as <c>claim.before</c> and <c>claim.after</c>. The app knows nothing of them:
/// they are passed outside of it, where its requests to storage and downstream go by.
/// </summary>
public sealed class StepPoints
{
    private readonly ConcurrentQueue<string> passed = [];

    /// <summary>Decides what happens at a point, and may do something there first.</summary>
    public Func<string, Verdict> At { get; set; } = _ => Verdict.Pass;

    /// <summary>Every point so far, in its order.</summary>
    public IEnumerable<string> Passed => passed;

    /// <summary>A request arrives at the point before a step.</summary>
    /// <returns>Whether it goes on.</returns>
    public bool Before(string step, HttpContext request) => Reach($"{step}.before", request);

    /// <summary>A request arrives at the point after a step.</summary>
    /// <returns>Whether it is answered.</returns>
    public bool After(string step, HttpContext request) => Reach($"{step}.after", request);

    /// <summary>How often a point was passed.</summary>
    public int Count(string point) => passed.Count(one => one == point);

    /// <summary>Forgets what was passed.</summary>
    public void Clear() => passed.Clear();

    /// <summary>Does something, once, at the first of the points for which it is asked.</summary>
    public void Once(Func<string, bool> isThere, Func<Verdict> act)
    {
        var done = 0;
        At = point => isThere(point) && Interlocked.Exchange(ref done, 1) == 0 ? act() : Verdict.Pass;
    }

    private bool Reach(string point, HttpContext request)
    {
        passed.Enqueue(point);
        var verdict = At(point);
        if (verdict == Verdict.Drop)
            request.Abort();
        else if (verdict == Verdict.Unavailable)
            request.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return verdict == Verdict.Pass;
    }
}

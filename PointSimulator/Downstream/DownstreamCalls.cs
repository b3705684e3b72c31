using System.Collections.Concurrent;

namespace PointWebhooks.Simulator.Downstream;

/// <summary>A call that was made.</summary>
/// <param name="Step">What it was for.</param>
/// <param name="Request">The call.</param>
/// <param name="Status">What was answered; null when the connection broke.</param>
public sealed record DownstreamCall(string Step, DownstreamRequest Request, int? Status);

/// <summary>The calls of a system downstream: kept, and disturbed where somebody wants them to be.</summary>
/// <param name="downstream">The system.</param>
public sealed class DownstreamCalls(IDownstream downstream)
{
    private readonly Lock gate = new();
    private readonly ConcurrentQueue<DownstreamCall> made = [];

    /// <summary>The system.</summary>
    public IDownstream Downstream => downstream;

    /// <summary>Decides by the step and the call whether something goes wrong; null for nothing.</summary>
    public Func<string, DownstreamRequest, DownstreamFault?> Fault { get; set; } = (_, _) => null;

    /// <summary>The calls, in their order.</summary>
    public IReadOnlyList<DownstreamCall> Made => [.. made];

    /// <summary>How many calls of a step were made.</summary>
    public int Count(string step) => made.Count(call => call.Step == step);

    /// <summary>Lets the next calls of a step go wrong.</summary>
    public void Disturb(string step, DownstreamFault fault, int times = 1)
    {
        var left = times;
        var before = Fault;
        Fault = (name, request) => name == step && Interlocked.Decrement(ref left) >= 0 ? fault : before(name, request);
    }

    /// <summary>Answers a call; null breaks the connection.</summary>
    public DownstreamAnswer? Answer(DownstreamRequest request)
    {
        var step = downstream.StepOf(request);
        var fault = Fault(step, request);
        DownstreamAnswer? answer = null;
        if (fault is null || fault.IsAfterEffect)
        {
            lock (gate)
                answer = downstream.Answer(request);
        }

        if (fault is not null)
            answer = fault.Answer;
        made.Enqueue(new DownstreamCall(step, request, answer?.Status));
        return answer;
    }
}

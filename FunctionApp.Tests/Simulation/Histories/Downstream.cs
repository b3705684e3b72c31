using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>A system that handlers call: idempotent by event and handler, as theirs are to be, and not always well.</summary>
internal sealed class Downstream(World world)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(4);

    private readonly Dictionary<(EventName, string), int> failuresLeft = [];

    /// <summary>The calls, in their order.</summary>
    public List<DownstreamCall> Calls { get; } = [];

    /// <summary>What it was asked and should not have been.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Whether it refuses nothing any more.</summary>
    public bool IsMended { get; set; }

    /// <summary>Told when an instance is to die.</summary>
    public Action<SimulatedInstance> Kill { get; set; } = _ => { };

    /// <summary>Takes a call.</summary>
    /// <exception cref="HttpRequestException">It fails, before or after its effect.</exception>
    /// <exception cref="PermanentFailureException">It refuses the event for good.</exception>
    public async Task CallAsync(SimulatedInstance instance, string handler, EventName name, CancellationToken cancellationToken)
    {
        var (plan, began) = (world.Plan, world.Timeline.Now);
        if (world.Ledger.HasFinished(name, handler))
            Violations.Add($"repeated: {handler} of {name} begins at {began:HH:mm:ss} although the ledger has it as finished");
        var isTrouble = world.Timeline.Now < world.Trouble.Until;
        var longest = isTrouble && plan.Happens(0.1) ? Slow : Quick;
        // Some handlers do not listen when they are told to stop.
        var token = plan.Happens(0.8) ? cancellationToken : CancellationToken.None;
        await Task.Delay(plan.UpTo(longest), instance.Time, token);
        FailBeforeEffect(handler, name, isTrouble);

        var call = new DownstreamCall(name, handler, instance, began, world.Timeline.Now);
        Calls.Add(call);
        world.Note(instance.Process.Name, $"{handler} has its effect on {name.Type} {name.Key}");
        if (isTrouble && !plan.IsCalm && plan.Happens(0.03))
        {
            Kill(instance);
            await new TaskCompletionSource().Task;
        }

        await Task.Delay(plan.UpTo(longest), instance.Time, token);
        if (isTrouble && plan.Happens(0.05))
        {
            call.FailedAt = world.Timeline.Now;
            throw new HttpRequestException("The answer of the downstream was lost.");
        }
    }

    private void FailBeforeEffect(string handler, EventName name, bool isTrouble)
    {
        if (IsMended)
            return;
        if (!failuresLeft.TryGetValue((name, handler), out var left))
            left = world.Plan.Pick(0, 0, 0, 0, 0, 1, 2, 100);
        failuresLeft[(name, handler)] = left - 1;
        if (left == 100)
            throw new PermanentFailureException("The downstream refuses the event.");
        if (left > 0 || (isTrouble && world.Plan.Happens(0.05)))
            throw new HttpRequestException("The downstream is away.");
    }
}

/// <summary>One call that had its effect, or would have had it if it had been the first.</summary>
/// <param name="Event">The event.</param>
/// <param name="Handler">The handler.</param>
/// <param name="Instance">Where it ran.</param>
/// <param name="Began">When the handler began.</param>
/// <param name="At">When it had its effect.</param>
internal sealed record DownstreamCall(
    EventName Event, string Handler, SimulatedInstance Instance, DateTimeOffset Began, DateTimeOffset At)
{
    /// <summary>When the handler failed after the effect, or null when it did not.</summary>
    public DateTimeOffset? FailedAt { get; set; }
}

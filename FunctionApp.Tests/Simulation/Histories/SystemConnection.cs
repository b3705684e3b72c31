using System.Net;
using System.Text;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Tests.Simulation.Calls;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>The way of a handler's calls to its system and back.</summary>
internal sealed class SystemConnection(World world, CalledSystems systems, SimulatedInstance instance, string handler) : HttpMessageHandler
{
    // The time of one attempt.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (sent, began) = (Read(request), world.Timeline.Now);
        var name = systems.EventOf(sent);
        if (name is not null && world.Ledger.HasFinished(name, handler))
            world.Downstream.Violations.Add($"repeated: {handler} of {name} calls at {began:HH:mm:ss}, which the ledger has as finished");
        var (fault, refusal) = Meet();
        systems.Calls = (systems.Calls.All + 1, systems.Calls.Disturbed + (fault == Fault.None ? 0 : 1));
        DownstreamCall? effect = null;
        DateTimeOffset? failedAt = null;
        // Completed on the timeline, where its continuations run at once: without a context, as HttpClient wants it.
        var answered = new TaskCompletionSource<HttpResponseMessage>();
        // A request that is on its way arrives, whether its sender lives on and waits for it, or not.
        world.Timeline.After(world.Plan.UpTo(Usual) + fault.Delay, owner: null, Arrive);
        world.Timeline.After(Patience, instance.Process, () => Fail(() => answered.TrySetException(Lost("timed out"))));
        cancellationToken.UnsafeRegister(
            _ => world.Timeline.After(TimeSpan.Zero, instance.Process, () => Fail(() => answered.TrySetCanceled(cancellationToken))), null);
        return answered.Task;

        void Arrive()
        {
            var answer = fault.TakesEffect ? systems[handler].Answer(sent) : refusal ?? new DownstreamAnswer(503);
            var step = systems[handler].StepOf(sent);
            world.Note(instance.Process.Name, $"{handler} {step} {name?.Type} {name?.Key} {answer.Status} {fault.Answer}");
            if (name is not null && fault.TakesEffect && answer.Status < 300)
                TakeEffect(step);
            var delay = world.Plan.UpTo(Usual);
            if (fault.Answer == FaultAnswer.Arrives)
                world.Timeline.After(delay, instance.Process, () => answered.TrySetResult(Message(answer)));
            else if (fault.Answer == FaultAnswer.ConnectionLost)
                world.Timeline.After(delay, instance.Process, () => Fail(() => answered.TrySetException(Lost("was reset"))));
        }

        void TakeEffect(string step)
        {
            // It may be late: its sender has given up before.
            effect = new DownstreamCall(name!, $"{handler} {step}", instance, began, world.Timeline.Now) { FailedAt = failedAt };
            world.Downstream.Calls.Add(effect);
            if (world.Timeline.Now < world.Trouble.Until && !world.Plan.IsCalm && world.Plan.Happens(0.03))
                world.Downstream.Kill(instance);
        }

        void Fail(Func<bool> fails)
        {
            if (!fails())
                return;
            failedAt = world.Timeline.Now;
            if (effect is not null)
                effect.FailedAt = failedAt;
        }
    }

    private static HttpRequestException Lost(string how) => new($"The connection {how}.");

    private (Fault Fault, DownstreamAnswer? Refusal) Meet()
    {
        var plan = world.Plan;
        if (world.Timeline.Now >= world.Trouble.Until)
            return (Fault.None, null);
        if (systems.IsAway(handler))
            return (plan.Happens(0.5) ? Fault.Hangs : Fault.Unavailable, null);
        if (plan.Happens(plan.RefusalRate))
            return (Fault.Unavailable, plan.Pick<Func<DownstreamAnswer>>(Busy, Throttled, Throttled, Wrong)());
        if (!plan.Happens(plan.SystemFaultRate))
            return (Fault.None, null);
        var late = Fault.None with { Delay = plan.UpTo(plan.LatestEffect) };
        return (plan.Pick(Fault.AnswerLost, Fault.AnswerLost, Fault.Hangs, Fault.HangsAfterEffect, late), null);

        DownstreamAnswer Busy() => new(503);

        DownstreamAnswer Throttled() => DownstreamAnswer.TooMany(plan.UpTo(LongestPause));

        DownstreamAnswer Wrong() => new(400);
    }

    private static DownstreamRequest Read(HttpRequestMessage request)
    {
        using var body = request.Content is { } content ? new StreamReader(content.ReadAsStream()) : null;
        var headers = request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>());
        return new DownstreamRequest(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query,
            headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            body?.ReadToEnd() ?? "");
    }

    private static HttpResponseMessage Message(DownstreamAnswer answer)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            Content = new StringContent(answer.Body, Encoding.UTF8, answer.MediaType),
        };
        foreach (var (name, value) in answer.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        return message;
    }
}

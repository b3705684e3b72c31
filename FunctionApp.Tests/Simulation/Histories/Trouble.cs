using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What goes wrong with storage in a history: single calls, and outages of one service or both.</summary>
internal sealed class Trouble
{
    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(20);

    private readonly Plan plan;
    private readonly List<Outage> outages = [];

    /// <summary>Plans it.</summary>
    /// <param name="plan">The history's plan.</param>
    /// <param name="from">When it begins.</param>
    public Trouble(Plan plan, DateTimeOffset from)
    {
        this.plan = plan;
        Until = from + plan.TroubleLasts;
        for (var i = 0; i < plan.Outages; i++)
        {
            var begins = from + plan.UpTo(plan.TroubleLasts);
            outages.Add(new Outage(
                begins, begins + plan.UpTo(LongestOutage), plan.Happens(0.7), plan.Happens(0.7), plan.Happens(0.5)));
        }
    }

    /// <summary>When it is over.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>What goes wrong with a call.</summary>
    public Fault FaultOf(StorageCall call, DateTimeOffset now)
    {
        if (now >= Until)
            return Fault.None;
        if (outages.Any(outage => outage.Hits(call, now)))
            return outages.First(outage => outage.Hits(call, now)).IsSilent ? Fault.Hangs : Fault.Unavailable;
        if (plan.Happens(plan.FaultRate))
        {
            return plan.Pick(
                Fault.Unavailable,
                Fault.AnswerLost,
                Fault.Hangs,
                Fault.HangsAfterEffect,
                Fault.None with { Delay = plan.UpTo(LongestDelay) });
        }

        return call.Operation == StorageOperation.ReceiveMessages && plan.Happens(plan.Redeliveries) ? Fault.Redelivers : Fault.None;
    }

    private sealed record Outage(DateTimeOffset From, DateTimeOffset Until, bool IsOfTables, bool IsOfQueues, bool IsSilent)
    {
        public bool Hits(StorageCall call, DateTimeOffset now) =>
            From <= now && now < Until && (call.Operation <= StorageOperation.Transaction ? IsOfTables : IsOfQueues);
    }
}

using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>
/// One history of the app: events come, things go wrong, then nothing goes wrong any more until everything is settled; in some, the
/// retention passes and it all begins again. A seed makes one and the same.
/// </summary>
internal sealed class History : IDisposable
{
    private static readonly TimeSpan RelayInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromDays(2);
    private static readonly TimeSpan PastRetention = TimeSpan.FromDays(2);

    private readonly World world;
    private readonly SimulatedHost host;
    private readonly Sender sender;
    private readonly KnownLedger ledger;

    public History(int seed, TextWriter? output = null)
    {
        world = new World(seed);
        world.Timeline.Trace.Output = output;
        host = new SimulatedHost(world);
        world.Downstream.Kill = host.Kill;
        sender = new Sender(world, host);
        ledger = new KnownLedger(world.Storage);
    }

    /// <summary>The hash of all that happened.</summary>
    public string Hash => world.Timeline.Trace.Hash;

    /// <summary>How many storage calls it took.</summary>
    public int Calls => world.Storage.Calls.Total;

    /// <summary>Runs it.</summary>
    /// <returns>What is not as it has to be.</returns>
    public IReadOnlyList<string> Run()
    {
        Sweep();
        sender.SendOver(world.Plan.TroubleLasts);
        Trouble();
        if (!Settle(() => ledger.IsSettled))
            return [.. new Invariants(world, sender, ledger).Violations(), "not settled"];
        if (world.Plan.IsPurged)
        {
            Pass(PastRetention);
            world.Trouble = new Trouble(world.Plan, world.Timeline.Now);
            sender.RepeatOver(world.Plan.TroubleLasts);
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, () => host.RunTimer("PurgeLedger"));
            Trouble();
            if (!Settle(() => ledger.IsSettled))
                return ["not settled after the purge"];
        }

        return Mend() ? new Invariants(world, sender, ledger).Violations() : ["not settled after the replay"];
    }

    public void Dispose()
    {
        foreach (var instance in host.Instances)
            instance.Dispose();
        world.Timeline.Trace.Dispose();
    }

    private void Trouble()
    {
        for (var i = 0; i < world.Plan.Kills; i++)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, EndSomeInstance);
        if (world.Plan.IsReplayed)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, ReplaySome);
        Pass(world.Trouble.Until - world.Timeline.Now);
    }

    private void EndSomeInstance()
    {
        if (host.AnyServing() is not { } instance)
            return;
        if (world.Plan.Happens(0.5))
            host.Kill(instance);
        else
            host.Stop(instance);
    }

    // A run that would find nothing changes nothing: most of those are left out, and cost no time.
    private void Sweep()
    {
        if (ledger.HasWorkForRelay(world.Timeline.Now + world.Plan.LongestSkew)
            || (world.Timeline.Now < world.Trouble.Until && world.Plan.Happens(0.1)))
        {
            host.RunTimer("RelayEvents");
        }

        world.Timeline.After(RelayInterval, owner: null, Sweep);
    }

    private bool Settle(Func<bool> isSettled)
    {
        var (limit, settled) = (world.Timeline.Now + LongestSettling, false);
        Look();
        return world.Timeline.RunUntil(() => settled, limit);

        void Look()
        {
            settled = sender.Open == 0 && host.Running == 0 && isSettled();
            if (!settled)
                world.Timeline.After(LookInterval, owner: null, Look);
        }
    }

    private void Pass(TimeSpan time) => world.Timeline.RunUntil(() => false, world.Timeline.Now + time);

    private void ReplaySome()
    {
        foreach (var one in ledger.Events.Where(_ => world.Plan.Happens(0.5)))
            Replay(one.Name, world.Plan.Happens(0.5));
    }

    private void Replay(EventName name, bool includeCompleted)
    {
        if (host.AnyServing() is not { } instance)
        {
            world.Timeline.After(LookInterval, owner: null, () => Replay(name, includeCompleted));
            return;
        }

        world.Replays.Add((name, world.Timeline.Now));
        instance.Process.Start(async () =>
        {
            try
            {
                await KnownLedger.ReplayAsync(instance, name, includeCompleted);
            }
            catch (Exception e)
            {
                // The operator gets an error, and may have replayed it all the same.
                world.Note(instance.Process.Name, $"the replay of {name.Type} {name.Key} failed: {e.GetType().Name}");
            }
        });
    }

    // When the causes are gone, a replay completes what is dead.
    private bool Mend()
    {
        world.Downstream.IsMended = true;
        var dead = ledger.Events.Where(one => one.State == EventState.Dead).ToList();
        dead.ForEach(one => Replay(one.Name, includeCompleted: false));
        return Settle(() => ledger.IsSettled && ledger.Events.All(one => one.State == EventState.Completed));
    }
}

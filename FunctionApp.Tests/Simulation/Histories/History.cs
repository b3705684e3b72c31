using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>
/// One history of the app: events come, genuine and forged, the key changes, things go wrong, then nothing goes wrong any more until everything is settled; in some, the
/// retention passes and it all begins again. A seed makes one and the same.
/// </summary>
internal sealed class History : IDisposable
{
    private static readonly TimeSpan RelayInterval = TimeSpan.FromMinutes(1);
    // Not an hour, so that a few runs fall into the trouble.
    private static readonly TimeSpan RegistrationInterval = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromDays(2);
    private static readonly TimeSpan PastRetention = TimeSpan.FromDays(2);

    private readonly World world;
    private readonly SimulatedHost host;
    private readonly Sender sender;
    private readonly Pausing pausing;

    /// <param name="seed">The seed.</param>
    /// <param name="output">Where it is told, or null.</param>
    /// <param name="hasHandlers">Whether the handlers are those of settings.</param>
    public History(int seed, TextWriter? output = null, bool hasHandlers = false)
    {
        world = new World(seed, hasHandlers);
        world.Timeline.Trace.Output = output;
        host = new SimulatedHost(world);
        world.Downstream.Kill = host.Kill;
        sender = new Sender(world, host);
        pausing = new Pausing(world, host);
    }

    /// <summary>The hash of all that happened.</summary>
    public string Hash => world.Timeline.Trace.Hash;

    /// <summary>How many storage calls it took.</summary>
    public int Calls => world.Storage.Calls.Total;

    /// <summary>What happened downstream, a line each time.</summary>
    public IEnumerable<string> Downstream => new Invariants(world, sender).Downstream();

    /// <summary>Runs it.</summary>
    /// <returns>What is not as it has to be.</returns>
    public IReadOnlyList<string> Run()
    {
        Every(RelayInterval, "RelayEvents", () => HasWorkForRelay() || world.Ledger.HasQuarantined);
        Every(RegistrationInterval, "RegisterEndpoint", () => !world.Vendor.IsRegistered);
        sender.SendOver(world.Plan.TroubleLasts);
        Trouble();
        if (!Settle(IsSettled))
            return [.. Violations(), Unsettled("before")];
        if (world.Plan.IsPurged)
        {
            Pass(PastRetention);
            world.Trouble = new Trouble(world.Plan, world.Timeline.Now);
            sender.RepeatOver(world.Plan.TroubleLasts);
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, () => host.RunTimer("PurgeLedger"));
            Trouble();
            if (!Settle(IsSettled))
                return [.. Violations(), Unsettled("after the purge")];
        }

        return Mend() ? Violations() : [.. Violations(), Unsettled("after the replay")];
    }

    public void Dispose()
    {
        foreach (var instance in host.Instances)
            instance.Dispose();
        world.Timeline.Trace.Dispose();
    }

    private string Unsettled(string when) =>
        $"not settled {when}: {sender.Open} sendings, {host.Running} messages, ledger {world.Ledger.IsSettled}, "
        + $"registered {world.Vendor.IsRegistered}, relay {HasWorkForRelay()}, "
        + string.Join(", ", world.Ledger.Events.Select(one => $"{one.Name.Key} {one.State}"));

    private bool IsSettled() => world.Ledger.IsSettled && pausing.Open == 0 && world.Vendor.IsRegistered && !HasWorkForRelay();

    private bool HasWorkForRelay() =>
        world.Ledger.HasWorkForRelay(world.Timeline.Now + world.Plan.LongestSkew, world.Damage.MayStay);

    private IReadOnlyList<string> Violations() => new Invariants(world, sender).Violations();

    private void Trouble()
    {
        world.Vendor.Trouble(world.Plan.TroubleLasts);
        world.Systems?.Trouble(world.Plan.TroubleLasts);
        world.Damage.Over(world.Plan.TroubleLasts);
        for (var i = 0; i < world.Plan.Damages; i++)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, () => host.RunTimer("PurgeLedger"));
        for (var i = 0; i < world.Plan.Kills; i++)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, EndSomeInstance);
        if (world.Plan.IsReplayed)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, ReplaySome);
        pausing.Over(world.Plan.TroubleLasts);
        if (world.Plan.IsErased)
            world.Timeline.After(world.Plan.UpTo(world.Plan.TroubleLasts), owner: null, EraseSome);
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
    private void Every(TimeSpan interval, string function, Func<bool> hasWork)
    {
        if (hasWork() || (world.Timeline.Now < world.Trouble.Until && world.Plan.Happens(0.1)))
            host.RunTimer(function);
        world.Timeline.After(interval, owner: null, () => Every(interval, function, hasWork));
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

    private void Pass(TimeSpan time)
    {
        // Something happens at the end of it, or the clock would stay where something happened last.
        var isOver = false;
        world.Timeline.After(time, owner: null, () => isOver = true);
        world.Timeline.RunUntil(() => isOver, world.Timeline.Now + time);
    }

    private void ReplaySome()
    {
        foreach (var one in world.Ledger.Events.Where(_ => world.Plan.Happens(0.5)))
            Replay(one.Name, world.Plan.Happens(0.5));
    }

    private void Replay(EventName name, bool includeCompleted)
    {
        if (host.AnyServing() is not { } instance)
        {
            world.Timeline.After(LookInterval, owner: null, () => Replay(name, includeCompleted));
            return;
        }

        world.Replays.Add((name, includeCompleted, world.Timeline.Now));
        Operate(instance, $"the replay of {name}", () => KnownLedger.ReplayAsync(instance, name, includeCompleted));
    }

    private void EraseSome()
    {
        foreach (var one in world.Ledger.Events.Where(_ => world.Plan.Happens(0.3)))
        {
            if (host.AnyServing() is { } instance)
                Operate(instance, $"the erasure of {one.Name}", () => KnownLedger.EraseAsync(instance, one.Name));
        }
    }

    private void Operate(SimulatedInstance instance, string what, Func<Task> operation) => instance.Process.Start(async () =>
    {
        try
        {
            await operation();
        }
        catch (Exception e)
        {
            // The operator gets an error, and it may have happened all the same.
            world.Note(instance.Process.Name, $"{what} failed: {e.GetType().Name}");
        }
    });

    // When the causes are gone, a replay completes what is dead.
    private bool Mend()
    {
        world.Downstream.IsMended = true;
        var dead = world.Ledger.Events.Where(one => one.State == EventState.Dead).ToList();
        dead.ForEach(one => Replay(one.Name, includeCompleted: false));
        return Settle(() => IsSettled() && world.Ledger.Events.All(one => one.State == EventState.Completed));
    }
}

using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What has to be so when a history is over, whatever went wrong in it.</summary>
internal sealed class Invariants(World world, Sender sender, KnownLedger ledger)
{
    // What a handler may have been told too late: the documented window around the end of a lease.
    private static readonly TimeSpan Window = KnownLedger.LeaseTime;

    // Of one life of an event: its first, one for each of three retries, each perhaps sent twice or brought back from a poison queue,
    // and one an hour from the relay.
    private const int MostMessages = 16;

    /// <summary>Everything that is not as it has to be.</summary>
    public IReadOnlyList<string> Violations() =>
        [.. Lost(), .. Unfinished(), .. Ineffective(), .. Repeated(), .. Stormed(), .. ledger.IndexFaults().Select(row => $"index: {row}")];

    private IEnumerable<string> Lost() => sender.Acknowledged
        .Where(name => !ledger.Remembers(name))
        .Select(name => $"lost: {name} was acknowledged, and the ledger does not know it");

    private IEnumerable<string> Unfinished() => ledger.Events
        .Where(one => one.State is not (EventState.Completed or EventState.Dead))
        .Select(one => $"unfinished: {one.Name} is {one.State} after {one.Attempts} attempts");

    private IEnumerable<string> Ineffective() =>
        from one in ledger.Events
        where one.State == EventState.Completed
        from handler in new[] { nameof(FirstHandler), nameof(SecondHandler) }
        where !world.Downstream.Calls.Any(call => call.Event == one.Name && call.Handler == handler)
        select $"ineffective: {one.Name} is completed without {handler}";

    private IEnumerable<string> Repeated() =>
        from calls in world.Downstream.Calls.GroupBy(call => (call.Event, call.Handler))
        from pair in calls.Zip(calls.Skip(1))
        where !IsExcused(pair.First, pair.Second)
        select $"repeated: {pair.First.Handler} of {pair.First.Event} at {pair.First.At:HH:mm:ss} on {pair.First.Instance.Process.Name}, "
            + $"again at {pair.Second.At:HH:mm:ss} on {pair.Second.Instance.Process.Name}";

    private IEnumerable<string> Stormed() =>
        from messages in world.Messages.GroupBy(name => name)
        let lives = 1 + world.Replays.Count(replay => replay.Event == messages.Key)
        where messages.Count() > MostMessages * lives
        select $"stormed: {messages.Count()} messages of {messages.Key} in {lives} lives";

    // The handler failed after its effect; its instance ended, or storage failed it, before the effect was recorded; one of the two had
    // lost its lease and did not stop; somebody asked for it again.
    private bool IsExcused(DownstreamCall first, DownstreamCall second) =>
        !first.HasReturned
        || IsTroubled(first.Instance, first.Began - Window, second.At)
        || IsTroubled(second.Instance, second.Began - Window, second.At)
        || world.Replays.Any(replay => replay.Event == first.Event && replay.At > first.At - Window && replay.At <= second.At);

    private static bool IsTroubled(SimulatedInstance instance, DateTimeOffset from, DateTimeOffset until) =>
        (instance.EndsAt > from && instance.EndsAt <= until) || instance.Conditions.Faults.Any(at => at > from && at <= until);
}

using PointWebhooks.Events;
using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What has to be so when a history is over, whatever went wrong in it.</summary>
internal sealed class Invariants(World world, Sender sender)
{
    // How long before its handler begins an instance may have met what costs it its lease: a claim or a renewal is as old at most.
    private static readonly TimeSpan Window = KnownLedger.LeaseTime;

    // How long before a handler begins an operator may have asked for what takes effect only then.
    private static readonly TimeSpan ReplayTakes = TimeSpan.FromMinutes(1);

    // Of one life of an event: its first, one for each of four retries, each perhaps sent twice or brought back from a poison queue,
    // and one an hour from the relay.
    private const int MostMessages = 16;

    // How long after a pause is acknowledged an instance may begin to run the handler. A call of one that has begun follows within the
    // time of a run.
    private static readonly TimeSpan PauseTakes = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RunTakes = TimeSpan.FromSeconds(45);

    private readonly KnownLedger ledger = world.Ledger;

    /// <summary>Everything that is not as it has to be.</summary>
    public IReadOnlyList<string> Violations() =>
    [
        .. sender.Unanswered, .. Lost(), .. Believed(), .. Unfinished(), .. Ineffective(), .. world.Downstream.Violations, .. world.Faults,
        .. Repeated(), .. Stormed(), .. Disobeyed(), .. world.Systems is { } systems ? new HandlerInvariants(world, systems).Violations() : [],
        .. ledger.IndexFaults().Except(world.Damage.MayStay).Select(row => $"index: {row}"),
    ];

    // What came while the key could not be fetched, signed with one that was replaced meanwhile, cannot be told from a forgery: it is
    // kept, unverified.
    private IEnumerable<string> Lost()
    {
        var unverified = ledger.Unverified.Select(NameOf).ToHashSet();
        return sender.Acknowledged
            .Where(one => !ledger.Remembers(one.Event))
            .Where(one => one.Key == world.Vendor.Service.Key || !unverified.Contains(one.Event))
            .Select(one => $"lost: {one.Event} was acknowledged, and the ledger does not know it");
    }

    private IEnumerable<string> Believed() => ledger.Events.Select(one => one.Name)
        .Concat(world.Downstream.Calls.Select(call => call.Event)).Concat(world.Messages)
        .Where(Sender.IsForged)
        .Select(name => $"believed: {name} is forged");

    private IEnumerable<string> Unfinished() => ledger.Events
        .Where(one => one.State is not (EventState.Completed or EventState.Dead))
        .Select(one => $"unfinished: {one.Name} is {one.State} after {one.Attempts} attempts");

    private IEnumerable<string> Ineffective() =>
        from one in ledger.Events
        where one.State == EventState.Completed && !world.Plan.HasHandlers
        from handler in new[] { nameof(FirstHandler), nameof(SecondHandler) }
        where !world.Downstream.Calls.Any(call => call.Event == one.Name && call.Handler == handler)
        select $"ineffective: {one.Name} is completed without {handler}";

    /// <summary>What happened downstream, a line each time, and why when it was not the first time.</summary>
    public IEnumerable<string> Downstream() =>
    [
        .. world.Downstream.Calls.Select(call => call.Handler),
        .. Pairs().Select(pair => $"{pair.First.Handler} again: {ExcuseOf(pair.First, pair.Second)}"),
        .. Enumerable.Repeat("calls", world.Systems?.Calls.All ?? 0),
        .. Enumerable.Repeat("calls that met something wrong", world.Systems?.Calls.Disturbed ?? 0),
    ];

    // Of each two calls that follow one another, the later begun must have a reason.
    private IEnumerable<string> Repeated() =>
        from pair in Pairs()
        where ExcuseOf(pair.First, pair.Second) is null
        select $"repeated: {pair.First.Handler} of {pair.First.Event} at {pair.First.At:HH:mm:ss} on {pair.First.Instance.Process.Name}, "
            + $"again at {pair.Second.At:HH:mm:ss} on {pair.Second.Instance.Process.Name}";

    private IEnumerable<string> Stormed() =>
        from messages in world.Messages.GroupBy(name => name)
        let lives = 1 + world.Replays.Count(replay => replay.Event == messages.Key) + world.Pauses.Count
        where messages.Count() > MostMessages * lives
        select $"stormed: {messages.Count()} messages of {messages.Key} in {lives} lives";

    // What storage does not tell an instance it cannot know.
    private IEnumerable<string> Disobeyed() =>
        from pause in world.Pauses
        let obeyed = pause.From + PauseTakes + (world.Plan.HasHandlers ? RunTakes : TimeSpan.Zero)
        from call in world.Downstream.Calls
        where call.Handler.Split(' ')[0] == pause.Handler && call.Began > obeyed && !(call.Began >= pause.Until)
            && !call.Instance.Conditions.Faults.Any(at => at > pause.From && at <= call.Began)
        select $"disobeyed: {call.Handler} of {call.Event} begins at {call.Began:HH:mm:ss} on {call.Instance.Process.Name}, paused at "
            + $"{pause.From:HH:mm:ss} until {pause.Until:HH:mm:ss}";

    private IEnumerable<(DownstreamCall First, DownstreamCall Second)> Pairs() =>
        from calls in world.Downstream.Calls.GroupBy(call => (call.Event, call.Handler))
        let begun = calls.OrderBy(call => call.Began).ToList()
        from pair in begun.Zip(begun.Skip(1))
        select pair;

    // The first had failed after its effect; its instance ended or storage failed it before the effect was on record; an operator asked
    // for the completed event again. That the effect was on record is no excuse: Downstream looks when the second begins.
    private string? ExcuseOf(DownstreamCall first, DownstreamCall second) =>
        first.FailedAt <= second.Began ? "the answer was lost"
        : IsTroubled(first.Instance, first.Began - Window, second.Began) ? "its instance ended, or storage failed it"
        : world.Replays.Any(replay =>
            replay.Event == first.Event && replay.IncludesCompleted && replay.At > first.Began - ReplayTakes && replay.At <= second.Began)
            ? "it was replayed"
        : null;

    private static bool IsTroubled(SimulatedInstance instance, DateTimeOffset from, DateTimeOffset until) =>
        (instance.EndsAt > from && instance.EndsAt <= until) || instance.Conditions.Faults.Any(at => at > from && at <= until);

    private static EventName NameOf(byte[] body)
    {
        var envelope = EventEnvelope.Parse(body);
        return new EventName(envelope.Type, envelope.IdempotencyKey);
    }
}

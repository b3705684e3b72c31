using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Functions;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Functions;

/// <summary>What the timers set going, also when they come late; how each part does its work has tests of its own.</summary>
internal sealed class TimersTests() : SimulatedAppTests(vendor: () => new SimulatedVendor())
{
    private const int Page = EventQuery.MaxTake;
    private const string OtherKey = "11111111-aaaa-4bbb-8ccc-222222222222";

    private static readonly TimerInfo Late = new() { IsPastDue = true };

    [Test]
    public void The_purge_takes_the_content_of_an_event_that_finished_91_days_ago()
    {
        App.Run(() => App.Claimed("key").CompleteAsync());
        Account.Advance(TimeSpan.FromDays(91));

        Purge();

        var found = App.Run(() => App.Ledger.FindAsync(EventId.Of(SimulatedApp.Type, "key"), withBody: false, CancellationToken.None));
        Assert.That(found.Finding, Is.EqualTo(Finding.Forgotten));
    }

    [Test]
    public void The_purge_removes_a_request_that_stayed_unverified_for_8_days()
    {
        Quarantine("key");
        ComeBackWith(OtherKey);
        Relay();
        Assert.That(Unverified(), Is.EqualTo(1));
        Account.Advance(TimeSpan.FromDays(8));

        Purge();

        Assert.That(Unverified(), Is.Zero);
    }

    [Test]
    public void The_relay_goes_on_with_a_replay_of_many()
    {
        Account.KeepDead(Enumerable.Range(0, Page + 25).Select(i => $"died-{i}"), "died");
        Account.Advance(TimeSpan.FromMinutes(1));
        App.Run(async () =>
        {
            var all = App.Get<BulkReplays>().AsOfNow(EventQuery.All with { Filter = new EventFilter(EventState.Dead) });
            var first = await App.Get<EventOperations>().ListAsync(all, CancellationToken.None);
            await App.Get<BulkReplays>().StartAsync(all, first, null, CancellationToken.None);
        });
        Assert.That(Dead(), Is.EqualTo(25));

        Relay();

        Assert.That(Dead(), Is.Zero);
    }

    [Test]
    public void A_relay_that_fails_says_so_and_holds_back_no_quarantined_request()
    {
        Quarantine("key");
        ComeBackWith(SimulatedApp.Key);
        App.Faults = call => call.Operation == StorageOperation.QueryEntities && Asks(call, EventIndex.Prefix(EventIndex.Open))
            ? Fault.Unavailable
            : Fault.None;

        Assert.That(Relay, Throws.Exception.Matches<Exception>(StorageFailure.Is));

        Assert.That(App.Find("key")?.State, Is.EqualTo(EventState.Received));
    }

    [Test]
    public void A_purge_that_fails_says_so_and_holds_back_no_review_of_unverified_requests()
    {
        Quarantine("key");
        ComeBackWith(OtherKey);
        Relay();
        Vendor.Key = SimulatedApp.Key;
        Account.Advance(TimeSpan.FromHours(2));
        App.Faults = call => call.Operation == StorageOperation.QueryEntities && Asks(call, EventIndex.Prefix(EventIndex.Done))
            ? Fault.Unavailable
            : Fault.None;

        Assert.That(Purge, Throws.Exception.Matches<Exception>(StorageFailure.Is));

        Assert.That(App.Find("key")?.State, Is.EqualTo(EventState.Received));
        Assert.That(Unverified(), Is.Zero);
    }

    [Test]
    public void What_many_replays_need_does_not_keep_an_overdue_event_from_being_sent()
    {
        App.Insert("overdue");
        Account.Advance(EventLedger.PickUpTime);
        App.Faults = call => call.Operation == StorageOperation.QueryEntities && Asks(call, "PartitionKey eq 'replays'")
            ? Fault.Unavailable
            : Fault.None;
        Account.Storage.Calls.Clear();

        Assert.That(Relay, Throws.Exception.Matches<Exception>(StorageFailure.Is));

        Assert.That(Account.Storage.Calls.Of(StorageOperation.SendMessage), Is.EqualTo(1));
    }

    [Test]
    public void Whatever_a_timer_does_ends_when_the_app_stops()
    {
        App.Run(() => App.Claimed("completed").CompleteAsync());
        Quarantine("unverified");
        ComeBackWith(OtherKey);
        Relay();
        Account.Advance(TimeSpan.FromDays(91));
        App.Insert("overdue");
        Account.Advance(EventLedger.PickUpTime);
        using var away = new SimulatedApp(Account, new SimulatedVendor { IsDown = true });
        away.Run(() => away.ReceiveAsync(SimulatedApp.Body("waiting"), OtherKey));
        Account.Advance(TimeSpan.FromMinutes(1));
        var before = Account.Storage.Tables.Entities(PointTable.Name).Count;
        Account.Storage.Calls.Clear();
        var asked = Vendor.Asked;
        var stopped = new CancellationToken(canceled: true);

        Assert.That(() => App.Run(() => Create().RelayAsync(Late, stopped)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => App.Run(() => Create().PurgeAsync(Late, stopped)), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(
            () => App.Run(() => ActivatorUtilities.CreateInstance<Timers>(
                App.Get<IServiceProvider>().CreateScope().ServiceProvider).RegisterAsync(Late, stopped)),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Account.Storage.Tables.Entities(PointTable.Name), Has.Count.EqualTo(before), "nothing was removed");
        Assert.That(Unverified(), Is.EqualTo(1));
        Assert.That((Account.Storage.Calls.Of(StorageOperation.SendMessage), Vendor.Asked), Is.EqualTo((0, asked)));
    }

    private static bool Asks(StorageCall call, string rows) =>
        call.Request.Query.TryGetValue("$filter", out var filter) && filter.Contains(rows, StringComparison.Ordinal);

    private Timers Create() => ActivatorUtilities.CreateInstance<Timers>(App.Get<IServiceProvider>());

    private void Relay() => App.Run(() => Create().RelayAsync(Late, CancellationToken.None));

    private void Purge() => App.Run(() => Create().PurgeAsync(Late, CancellationToken.None));

    private void Quarantine(string key)
    {
        Vendor.IsDown = true;
        var kept = App.Run(() => App.ReceiveAsync(SimulatedApp.Body(key))).Kept;
        Assert.That(kept?.Status, Is.EqualTo(KeptResponse.Quarantined));
    }

    private int Unverified() => Account.Storage.Tables.Entities(PointTable.Name)
        .Count(row => row.Key.Row.StartsWith(QuarantineStore.Unverified, StringComparison.Ordinal));

    private int Dead() =>
        App.Run(() => App.Get<LedgerListing>().TallyAsync(new EventFilter(EventState.Dead), 1000, CancellationToken.None))!.Count;
}

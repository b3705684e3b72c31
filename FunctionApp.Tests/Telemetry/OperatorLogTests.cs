using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>
/// What an operator reads when something happens: level and words of each message, said as often as it happens. Those of the
/// quarantine, the key, refusals, poison and the registration are tested where these are.
/// </summary>
internal sealed class OperatorLogTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private static readonly EventId Id = EventId.Of(SimulatedApp.Type, "key");

    [Test]
    public void An_event_that_goes_through()
    {
        Receive();
        Account.Advance(TimeSpan.FromSeconds(1.5));
        App.Deliver();
        Receive();

        Said(1, LogLevel.Information, $"Accepted event {Id}.");
        Said(10, LogLevel.Information, $"Completed event {Id} 1.500 s after its receipt.");
        Said(20, LogLevel.Information, "Event ProvisioningStarted key: workspace kind MicrosoftTeams, created at 2026-05-01 12:00:00Z.");
        Said(2, LogLevel.Information, $"Event {Id} was accepted before.");
    }

    [Test]
    public void An_event_that_comes_again_with_another_body()
    {
        var other = SimulatedApp.Body("key", name: "Griffin");
        Receive();
        App.Run(() => App.ReceiveAsync(other));

        Said(9, LogLevel.Warning, $"Event {Id} was accepted before with another body. The first body is kept; the SHA-256 of this one is {LedgerRows.Hash(other)}.");
    }

    [Test]
    public void An_event_that_comes_again_with_another_body_and_cannot_be_noted()
    {
        Receive();
        App.Deliver();
        App.Faults = call => call.Operation == StorageOperation.MergeEntity ? Fault.Unavailable : Fault.None;
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key", name: "Griffin")));

        Said(34, LogLevel.Warning, $"That event {Id} was sent again with another body could not be noted in its history.");
    }

    [Test]
    public void An_event_that_storage_does_not_take()
    {
        App.Faults = _ => Fault.Unavailable;
        Receive();

        Said(4, LogLevel.Error, "An authentic event could not be stored: storage failed.");
        Said(3, LogLevel.Warning, "Refused 1 request(s) with 503: storage-unavailable.");
    }

    [Test]
    public void An_event_whose_message_is_not_sent_and_that_the_relay_sends()
    {
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Unavailable : Fault.None;
        Receive();
        Said(5, LogLevel.Warning, $"The message of event {Id} could not be sent; the relay will send one.");

        Account.Advance(EventLedger.PickUpTime);
        Sweep();
        var row = Account.Index.Single(key => key.StartsWith("open|", StringComparison.Ordinal));
        Said(61, LogLevel.Warning, $"The overdue event of index row '{row}' could not be relayed; the next sweep tries again.");

        App.Faults = _ => Fault.None;
        Sweep();
        Said(60, LogLevel.Warning, $"Sent overdue event {Id} (Received) to its queue again.");
    }

    [Test]
    public void A_handler_that_fails_and_the_end_of_an_event()
    {
        App.Records.Failing["key"] = () => new HttpRequestException("line one\nline two");
        Receive();
        App.Deliver();
        Said(11, LogLevel.Error, $"Handler RecordingHandler failed on event {Id} in attempt 1.");
        Assert.That(App.LogOf(13).Single().Text, Does.Match($"^Attempt 1 of event {Id} failed; the next one follows in (9|10|11) s\\.$"));

        App.Records.Failing["key"] = () => new PermanentFailureException("no such\nproject");
        Account.Advance(TimeSpan.FromSeconds(12));
        App.Deliver();
        Said(17, LogLevel.Error, $"Handler RecordingHandler gave up on event {Id}. It runs again only when the event is replayed.");
        Said(14, LogLevel.Error, $"Event {Id} is dead after 2 attempts: RecordingHandler: no such project Replay it once the cause is fixed.");
    }

    [Test]
    public void A_message_whose_event_is_not_in_the_ledger()
    {
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));
        Said(16, LogLevel.Error, $"A message names event {Id}, which is not in the ledger. The message is dropped. Was the table restored or deleted?");

        Receive();
        foreach (var row in Account.Storage.Tables.Entities(PointTable.Name))
            Account.Delete(new RowAddress(row.Key.Partition, row.Key.Row));
        App.Deliver();
        Said(18, LogLevel.Error, $"Event {Id} is not in the ledger and is inserted again from its message. Was the table restored or deleted?");
    }

    [Test]
    public void What_operators_did()
    {
        App.Run(() => App.Claimed("key").DieAsync("error"));
        App.Run(() => App.Get<EventOperations>().ReplayAsync(Found(), new Replay()));
        Said(71, LogLevel.Information, $"Replaying event {Id}.");
        Assert.That(App.KeysOf(71), Is.EqualTo(new[] { "key" }));

        App.Run(() => App.Claim("key").Lease!.CompleteAsync());
        App.Run(() => App.Get<EventOperations>().EraseAsync(Found()));
        Said(74, LogLevel.Information, $"Erased the content of event {Id} on request.");
    }

    [Test]
    public void What_an_operator_gave_up()
    {
        App.Insert("key");
        App.Run(() => App.Get<EventOperations>().GiveUpAsync(Found(), by: null));

        Said(77, LogLevel.Warning, $"Gave up event {Id} on request. It can be replayed.");
        Assert.That(App.KeysOf(77), Is.EqualTo(new[] { "key" }), "what one event went through is found by its key");
    }

    [Test]
    public void What_the_purge_did()
    {
        App.Run(() => App.Claimed("key").CompleteAsync());
        Account.Advance(TimeSpan.FromDays(90));
        App.Run(() => App.Get<LedgerPurge>().RunAsync(CancellationToken.None));

        Said(70, LogLevel.Information, "Removed the content of 1 events that finished more than 90 days ago.");
    }

    [Test]
    public void Rows_that_are_not_as_they_should_be()
    {
        App.Insert("key");
        Account.DeleteIndex(Id);
        Found();
        Said(85, LogLevel.Warning, $"Restored 1 missing index rows of event {Id}.");

        Account.Edit(Id.Row, row => row["Attempts"] = "many");
        App.Find("key");
        App.Find("key");
        Said(83, LogLevel.Error, $"This version cannot read the ledger row '{Id.Partition}', '{Id}' and skips it. Its column Attempts has another type.");
    }

    [Test]
    public void An_index_row_of_no_event()
    {
        App.Insert("key");
        Account.Delete(Id.Row);
        Account.Advance(EventLedger.PickUpTime);
        Sweep();

        var row = App.LogOf(84).Single();
        Assert.That(row.Level, Is.EqualTo(LogLevel.Warning));
        Assert.That(row.Text, Does.Match($"^Removed the index row '{Id.Partition}', 'open\\|[0-9]+\\|{Id}', which matches no event\\.$"));
    }

    [Test]
    public void An_index_row_by_the_name_of_a_workspace()
    {
        Receive();
        App.Deliver();
        Account.Delete(Id.Row);

        App.Run(() => App.Get<LedgerListing>().ListAsync(new EventFilter(Name: "Project Phoenix"), 10, null, CancellationToken.None));

        Assert.That(App.LogOf(84).Single().Text, Does.Match($"^Removed the index row '{Id.Partition}', 'name\\.…\\|[0-9]+\\|{Id}', which matches no event\\.$"));
    }

    [Test]
    public void A_lease_that_is_lost()
    {
        App.Records.BeforeEach = (_, token) =>
        {
            App.Faults = _ => Fault.Unavailable;
            return Task.Delay(Timeout.InfiniteTimeSpan, App.Time, token);
        };
        Receive();
        var message = Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single().Text;
        Assert.That(
            () => App.Run(() => App.ProcessAsync(EventMessage.Parse(new BinaryData(Convert.FromBase64String(message))))),
            Throws.InstanceOf<OperationCanceledException>());

        Said(19, LogLevel.Warning, $"The lease on event {Id} was lost: storage did not answer, or another instance has it.");
    }

    private void Said(int eventId, LogLevel level, string text) => Assert.That(App.LogOf(eventId), Is.EqualTo([(level, text)]));

    private void Receive() => App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key")));

    private void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));

    private FoundEvent Found() => App.Run(() => App.Get<EventOperations>().FindAsync("key", withBody: false, CancellationToken.None));
}

using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Processing;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What a message carries, when it is a mere reference, and when poison is looked at again.</summary>
internal sealed class QueueMessageTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private const string Poison = QueueNames.ProvisioningStarted + QueueNames.PoisonSuffix;

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void An_event_is_carried_up_to_48_KiB_and_not_a_byte_beyond(int tooMany, bool isCarried)
    {
        var name = new string('x', EventMessage.MaxSize - Carrying("").ToBinaryData().ToMemory().Length + tooMany);
        var message = Carrying(name);

        var sent = message.ToBinaryData();

        var read = EventMessage.Parse(sent);
        Assert.That((read.Type, read.IdempotencyKey, read.Id), Is.EqualTo((SimulatedApp.Type, "key", message.Id)));
        Assert.That(read.ToInserted()?.WorkspaceName, Is.EqualTo(isCarried ? name : null));
        if (isCarried)
            Assert.That(sent.ToMemory().Length, Is.EqualTo(48 * 1024));
    }

    [Test]
    public void What_is_carried_is_the_event_as_it_was_inserted()
    {
        var inserted = Inserted("Phoenix");

        var carried = EventMessage.Parse(EventMessage.OfInserted(inserted, SimulatedApp.Body("key")).ToBinaryData()).ToInserted()!;

        Assert.That(carried.Body!.Value.ToArray(), Is.EqualTo(SimulatedApp.Body("key")));
        Assert.That(carried with { Body = null, History = [] }, Is.EqualTo(inserted with { Body = null, History = [] }));
        Assert.That(carried.History, Is.EqualTo(inserted.History));
    }

    [TestCase("""{"type":"X"}""")]
    [TestCase("""{"idempotencyKey":"k"}""")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("")]
    public void A_message_without_type_or_key_is_not_one_of_this_apps(string message) => Assert.That(
        () => EventMessage.Parse(new BinaryData(message)),
        Throws.TypeOf<FormatException>().With.Message.EqualTo(
            "The queue message is not one of this app's: it has no type or no idempotencyKey."));

    [TestCase(59_000, false)]
    [TestCase(60_000, true)]
    public void A_message_of_the_poison_queue_is_seen_again_a_minute_later(int milliseconds, bool isSeen)
    {
        App.Insert("key");
        App.Send(Poison, new EventMessage(SimulatedApp.Type, "key", null).ToBinaryData());
        Sweep();

        Account.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.That(App.Deliver(), Is.EqualTo(isSeen));
    }

    [Test]
    public void A_poison_message_comes_back_with_its_event()
    {
        App.Send(Poison, Carrying("Phoenix").ToBinaryData());

        Sweep();

        var text = Account.Storage.Queues.Messages(QueueNames.ProvisioningStarted).Single().Text;
        Assert.That(EventMessage.Parse(new BinaryData(Convert.FromBase64String(text))).ToInserted()?.Body, Is.Not.Null, "its row may be lost");
        Assert.That(App.LogOf(62), Is.EqualTo([(
            LogLevel.Error,
            $"The host moved the message of event {EventId.Of(SimulatedApp.Type, "key")} to a poison queue after five failures. It is sent again.")]));
    }

    [Test]
    public void A_message_in_poison_that_is_not_this_apps_is_removed_and_its_length_is_said()
    {
        App.Send(Poison, new BinaryData("not ours"));

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That(App.LogOf(63), Is.EqualTo([(
            LogLevel.Error, $"Queue {Poison} holds a message of 12 characters that is not one of this app's. It is removed.")]));
    }

    [Test]
    public void A_poison_message_that_cannot_be_sent_again_stays_where_it_is()
    {
        App.Insert("key");
        App.Send(Poison, new EventMessage(SimulatedApp.Type, "key", null).ToBinaryData());
        App.Faults = call => call.Operation == StorageOperation.SendMessage ? Fault.Unavailable : Fault.None;

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(Poison), Has.Count.EqualTo(1));
        Assert.That(App.LogOf(64), Is.EqualTo([(
            LogLevel.Warning, $"Queue {Poison} could not be emptied; the next sweep tries again.")]));
        App.Faults = _ => Fault.None;
        Account.Advance(TimeSpan.FromMinutes(10));
        Sweep();
        Assert.That(Account.Storage.Queues.Messages(Poison), Is.Empty);
    }

    [Test]
    public void A_poison_message_whose_removal_is_not_heard_of_does_not_keep_those_behind_it()
    {
        foreach (var key in new[] { "key", "another" })
        {
            App.Insert(key);
            App.Send(Poison, new EventMessage(SimulatedApp.Type, key, null).ToBinaryData());
        }

        var deletes = 0;
        App.Faults = call => call.Operation == StorageOperation.DeleteMessage && ++deletes == 1 ? Fault.AnswerLost : Fault.None;

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(Poison), Is.Empty);
        Assert.That((App.Logged(62), App.Logged(64)), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_poison_queue_that_fails_does_not_keep_those_behind_it()
    {
        const string Last = QueueNames.UnknownEvent + QueueNames.PoisonSuffix;
        App.Send(Last, new EventMessage("WorkspaceArchived", "key", null).ToBinaryData());
        App.Faults = call => call.Operation == StorageOperation.ReceiveMessages && call.Request.Path.Contains(Poison, StringComparison.Ordinal)
            ? Fault.Unavailable
            : Fault.None;

        Sweep();

        Assert.That(Account.Storage.Queues.Messages(Last), Is.Empty);
        Assert.That(Account.Storage.Queues.Messages(QueueNames.UnknownEvent), Has.Count.EqualTo(1));
        Assert.That(App.LogOf(64).Single().Text, Does.StartWith($"Queue {Poison} could not be emptied"));
    }

    [Test]
    public void The_length_of_every_queue_counts_what_is_hidden()
    {
        App.Insert("key");
        App.Run(() => App.Get<EventQueues>().SendAsync(new EventMessage(SimulatedApp.Type, "key", null), TimeSpan.FromHours(1)));
        App.Send(Poison, new BinaryData("x"));

        var lengths = App.Run(() => App.Get<EventQueues>().LengthsAsync(CancellationToken.None));

        Assert.That(lengths, Is.EqualTo(
        [
            new QueueLength(QueueNames.ProvisioningStarted, 1, 1),
            new QueueLength(QueueNames.ProvisioningCompleted, 0, 0),
            new QueueLength(QueueNames.ProvisioningFailed, 0, 0),
            new QueueLength(QueueNames.UnknownEvent, 0, 0),
        ]));
    }

    private LedgerEvent Inserted(string name) => EventLedger.New(SimulatedApp.Type, "key", Account.Now, Account.Now.AddHours(1)) with
    {
        WorkspaceName = name,
        WorkspaceKind = "MicrosoftTeams",
        TraceParent = "00-22cab555082e59f0ff1b99a98a372b3a-d164cc2247e5d229-01",
        ETag = new Azure.ETag("\"1\""),
    };

    private EventMessage Carrying(string name) => EventMessage.OfInserted(Inserted(name), SimulatedApp.Body("key"));

    private void Sweep() => App.Run(() => App.Get<EventRelay>().SweepAsync(CancellationToken.None));
}

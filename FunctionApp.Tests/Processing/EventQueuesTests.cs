using Azure.Storage.Queues;
using PointWebhooks.Events;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>Where a message goes, when it is seen, and queues that are not there.</summary>
internal sealed class EventQueuesTests : SimulatedAppTests
{
    private EventQueues Queues => App.Get<EventQueues>();

    private static EventMessage Message => new(SimulatedApp.Type, "key", null);

    [TestCase(EventTypes.ProvisioningStarted, "point-provisioning-started")]
    [TestCase(EventTypes.ProvisioningCompleted, "point-provisioning-completed")]
    [TestCase(EventTypes.ProvisioningFailed, "point-provisioning-failed")]
    [TestCase("provisioningstarted", "point-unknown-event")]
    [TestCase("WorkspaceArchived", "point-unknown-event")]
    public void Each_documented_type_has_a_queue_and_all_others_share_one(string type, string queue)
    {
        App.Run(() => Queues.SendAsync(Message with { Type = type }));

        Assert.That(Account.Storage.Queues.Names.Where(name => Account.Storage.Queues.Messages(name).Count > 0), Is.EqualTo([queue]));
        Assert.That(QueueNames.All, Does.Contain(queue));
    }

    [TestCase(10_000, 10)]
    [TestCase(10_001, 11)]
    [TestCase(10_001, 11, false)]
    [TestCase(null, 0)]
    public void A_message_is_hidden_for_its_delay_and_never_less(int? milliseconds, int seconds, bool isThere = true)
    {
        if (!isThere)
            Delete(QueueNames.ProvisioningStarted);
        App.Run(() => Queues.SendAsync(Message, milliseconds is { } delay ? TimeSpan.FromMilliseconds(delay) : null));

        if (seconds > 0)
        {
            Account.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.That(App.Deliver(), Is.False);
            Account.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.That(App.Deliver(), Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_message_waits_for_as_long_as_it_takes(bool isThere)
    {
        if (!isThere)
            Delete(QueueNames.ProvisioningStarted);
        App.Run(() => Queues.SendAsync(Message));

        Account.Advance(TimeSpan.FromDays(365));

        Assert.That(App.Deliver(), Is.True, "a queue forgets after seven days unless it is told not to");
    }

    [Test]
    public void A_queue_that_is_missing_is_made_by_the_first_message()
    {
        Delete(QueueNames.ProvisioningStarted);

        Assert.That(App.Run(() => Queues.TrySendAsync(Message)), Is.True);
        Assert.That(App.Deliver(), Is.True);
    }

    [Test]
    public void Queues_that_are_missing_are_empty()
    {
        foreach (var name in QueueNames.All.SelectMany(name => new[] { name, name + QueueNames.PoisonSuffix }))
            Delete(name);

        Assert.That(App.Run(() => Queues.LengthsAsync(CancellationToken.None)), Is.EqualTo(QueueNames.All.Select(name => new QueueLength(name, 0, 0))));
        Assert.That(App.Run(() => Queues.ReceivePoisonAsync(QueueNames.UnknownEvent, CancellationToken.None)), Is.Empty);
    }

    [Test]
    public void Any_other_refusal_is_passed_on_and_named_when_a_send_is_only_tried()
    {
        App.Faults = call => call.Operation is StorageOperation.SendMessage or StorageOperation.GetQueueProperties or StorageOperation.ReceiveMessages
            ? Fault.Unavailable
            : Fault.None;

        Assert.That(() => App.Run(() => Queues.LengthsAsync(CancellationToken.None)), Throws.Exception.Matches<Exception>(StorageFailure.Is));
        Assert.That(() => App.Run(() => Queues.ReceivePoisonAsync(QueueNames.UnknownEvent, CancellationToken.None)), Throws.Exception.Matches<Exception>(StorageFailure.Is));
        Assert.That(() => App.Run(() => Queues.SendAsync(Message)), Throws.Exception.Matches<Exception>(StorageFailure.Is));
        var (isSent, taken) = App.Timed(() => Queues.TrySendAsync(Message));
        Assert.That((isSent, App.LogOf(5).Single().Text), Is.EqualTo((false, $"The message of event {Message.Id} could not be sent; the relay will send one.")));
        Assert.That(taken, Is.InRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), "a sender may be waiting");
    }

    [Test]
    public void A_message_of_the_poison_queue_is_unseen_for_ten_minutes_and_stays_until_it_is_removed()
    {
        const string Queue = QueueNames.UnknownEvent;
        App.Send(Queue + QueueNames.PoisonSuffix, new BinaryData("x"));

        var first = Receive();
        Account.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.That((first.Count, Receive().Count), Is.EqualTo((1, 0)));
        Account.Advance(TimeSpan.FromSeconds(1));
        var again = Receive();
        Assert.That(again, Has.Count.EqualTo(1));

        App.Run(() => Queues.RemovePoisonAsync(Queue, again[0]));

        Account.Advance(TimeSpan.FromMinutes(11));
        Assert.That(Receive(), Is.Empty);

        IReadOnlyList<Azure.Storage.Queues.Models.QueueMessage> Receive() => App.Run(() => Queues.ReceivePoisonAsync(Queue, CancellationToken.None));
    }

    private void Delete(string queue)
    {
        var storage = new StorageConnection(ValidSettings.With(("AzureWebJobsStorage", Simulation.SimulatedStorage.ConnectionString)))
        {
            Transport = Account.Storage.Transport(),
        };
        App.Run(() => storage.Queues(QueueMessageEncoding.None).GetQueueClient(queue).DeleteAsync());
    }
}

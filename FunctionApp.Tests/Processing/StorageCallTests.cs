using PointWebhooks.Handlers;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What an event costs in calls to storage, those of the host for its message included.</summary>
internal sealed class StorageCallTests
{
    private SimulatedAccount account = null!;

    [SetUp]
    public void Start() => account = new SimulatedAccount();

    [Test]
    public void An_event_with_one_handler_costs_six_and_its_duplicate_two()
    {
        using var app = new SimulatedApp(account);
        var body = SimulatedApp.Body("key");

        app.Run(() => app.ReceiveAsync(body));
        Assert.That(account.Storage.Calls.ToString(), Is.EqualTo("1 Transaction, 1 SendMessage"), "insert and send, before the answer");
        app.Deliver();

        Assert.That(
            account.Storage.Calls.ToString(),
            Is.EqualTo("1 QueryEntities, 1 MergeEntity, 2 Transaction, 1 SendMessage, 1 ReceiveMessages, 1 DeleteMessage"),
            "and receive, claim, complete, delete; and one look, at most every 20 seconds, at what is paused");
        account.Storage.Calls.Clear();
        var answer = app.Run(() => app.ReceiveAsync(body)).Kept!.Status;
        Assert.That(answer, Is.EqualTo(KeptResponse.Duplicate));
        Assert.That(account.Storage.Calls.ToString(), Is.EqualTo("1 GetEntity, 1 Transaction"), "the insert, and whose the row is");
    }

    [Test]
    public void Each_further_handler_costs_one()
    {
        using var app = new SimulatedApp(account, configure: services => services
            .AddEventHandler<RecordingHandler>().AddEventHandler<RecordingHandler>("Second"));

        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key")));
        app.Deliver();

        Assert.That(account.Storage.Calls.Total, Is.EqualTo(8 + 1));
    }

    [Test]
    public void An_event_that_does_not_fit_its_message_costs_one_more()
    {
        using var app = new SimulatedApp(account);

        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("key", name: new string('x', 100_000))));
        app.Deliver();

        Assert.That(
            account.Storage.Calls.ToString(),
            Is.EqualTo("1 GetEntity, 1 QueryEntities, 1 MergeEntity, 2 Transaction, 1 SendMessage, 1 ReceiveMessages, 1 DeleteMessage"));
    }
}

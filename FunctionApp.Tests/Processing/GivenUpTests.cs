using PointWebhooks.Events;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What is told of an event of which one handler has given up while others go on.</summary>
internal sealed class GivenUpTests() : SimulatedAppTests(services =>
    services.AddEventHandler<Refusing>().AddEventHandler<RecordingHandler>())
{
    private const string Log = nameof(LogEventHandler);
    private const string Recording = nameof(RecordingHandler);

    private LedgerEvent Found => App.Find("key")!;

    [SetUp]
    public void Insert() => App.Insert("key");

    [Test]
    public void What_gave_up_is_told_once_and_what_has_finished_since_is_not()
    {
        var said = new List<string?>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            Process(new HttpRequestException("away"));
            said.Add(Found.LastError);
        }

        Process(null);

        Assert.That(said, Is.All.EqualTo("Refusing: no such project; RecordingHandler: away"));
        Assert.That((Found.State, Found.LastError), Is.EqualTo((EventState.Dead, "Refusing: no such project")));
    }

    [Test]
    public void Those_that_give_up_in_different_attempts_are_all_told()
    {
        Process(new HttpRequestException("away"));

        Process(new PermanentFailureException("no such channel: it gave up: x"));

        Assert.That(
            (Found.State, Found.LastError),
            Is.EqualTo((EventState.Dead, "Refusing: no such project; RecordingHandler: no such channel: it gave up: x")));
    }

    [Test]
    public void What_a_replay_for_another_left_out_is_told_as_it_died()
    {
        Process(new HttpRequestException("away"));
        GiveUpAndReplayForLog();

        Process(null);

        Assert.That(Found.LastError, Is.EqualTo("Refusing: no such project; RecordingHandler: away"));
    }

    [Test]
    public void What_gave_up_before_a_replay_is_not_told_of_what_failed_after_it()
    {
        Process(new PermanentFailureException("no such channel"));
        Assert.That(App.Run(() => App.Ledger.ReopenAsync(Found)), Is.Not.Null);
        Process(new HttpRequestException("away"));
        GiveUpAndReplayForLog();

        Process(null);

        Assert.That(Found.LastError, Is.EqualTo("Refusing: no such project; RecordingHandler: away"));
    }

    private void GiveUpAndReplayForLog()
    {
        var dead = App.Run(() => App.Ledger.GiveUpAsync(Found, by: null))!;
        Assert.That(App.Run(() => App.Ledger.ReopenForAsync(dead, Log, [Log, nameof(Refusing), Recording], by: null)), Is.Not.Null);
    }

    // What RecordingHandler throws, or null where it is to succeed.
    private void Process(Exception? failure)
    {
        App.Records.Failing["key"] = () => failure;
        Account.Advance(TimeSpan.FromHours(1));
        App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, "key", null)));
    }

    private sealed class Refusing : IEventHandler<PointEvent>
    {
        public Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken) =>
            throw new PermanentFailureException("no such project");
    }
}

using PointWebhooks.Handlers;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>A handler knows when an earlier run for its event had ended: what it did then may not be found yet.</summary>
internal sealed class LastRunTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    private readonly List<DateTimeOffset?> lastRuns = [];

    [SetUp]
    public void Record()
    {
        lastRuns.Clear();
        App.Records.BeforeEach = (context, _) =>
        {
            lastRuns.Add(context.LastRunAt);
            return lastRuns.Count < 3 ? throw new InvalidOperationException("downstream is down") : Task.CompletedTask;
        };
    }

    [Test]
    public void The_first_run_knows_of_none_and_each_later_one_of_the_last()
    {
        App.Insert(SimulatedApp.Key);
        var ended = new List<DateTimeOffset>();

        for (var i = 0; i < 3; i++)
        {
            App.Run(() => App.ProcessAsync(new EventMessage(SimulatedApp.Type, SimulatedApp.Key, null)));
            ended.Add(Account.Now);
            Account.Advance(TimeSpan.FromMinutes(10));
        }

        Assert.That(lastRuns, Has.Count.EqualTo(3));
        Assert.That(lastRuns[0], Is.Null);
        Assert.That(lastRuns[1], Is.EqualTo(ended[0]).Within(TimeSpan.FromSeconds(1)));
        Assert.That(lastRuns[2], Is.EqualTo(ended[1]).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void What_was_noted_since_says_nothing_of_the_last_run()
    {
        App.Insert(SimulatedApp.Key);
        var message = new EventMessage(SimulatedApp.Type, SimulatedApp.Key, null);
        App.Records.BeforeEach = (context, _) =>
        {
            lastRuns.Add(context.LastRunAt);
            return lastRuns.Count < 2 ? throw new PermanentFailureException("refused") : Task.CompletedTask;
        };

        App.Run(() => App.ProcessAsync(message));
        var ended = Account.Now;
        Account.Advance(TimeSpan.FromHours(5));
        App.Run(() => App.Ledger.ReopenAsync(App.Find(SimulatedApp.Key)!));
        App.Run(() => App.Ledger.PostponeAsync(App.Find(SimulatedApp.Key)!, TimeSpan.FromMinutes(1), "sent to its queue again"));
        App.Run(() => App.ProcessAsync(message));

        Assert.That(lastRuns, Has.Count.EqualTo(2));
        Assert.That(lastRuns[1], Is.EqualTo(ended).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_run_that_a_shutdown_ended_counts_although_it_is_no_attempt()
    {
        using var stopping = new CancellationTokenSource();
        App.Insert(SimulatedApp.Key);
        App.Records.BeforeEach = (context, _) =>
        {
            lastRuns.Add(context.LastRunAt);
            if (lastRuns.Count > 1)
                return Task.CompletedTask;
            stopping.Cancel();
            throw new OperationCanceledException(stopping.Token);
        };
        var message = new EventMessage(SimulatedApp.Type, SimulatedApp.Key, null);

        Assert.That(() => App.Run(() => App.ProcessAsync(message, stopping.Token)), Throws.InstanceOf<OperationCanceledException>());
        var released = Account.Now;
        Account.Advance(TimeSpan.FromMinutes(1));
        App.Run(() => App.ProcessAsync(message));

        Assert.That(lastRuns, Has.Count.EqualTo(2));
        Assert.That(lastRuns[1], Is.EqualTo(released).Within(TimeSpan.FromSeconds(1)));
        Assert.That(App.Find(SimulatedApp.Key)!.Attempts, Is.Zero);
    }
}

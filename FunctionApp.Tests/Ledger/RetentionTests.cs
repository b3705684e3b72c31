using System.Globalization;
using System.Text;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Queues;
using PointWebhooks.Receiving;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>The retention of 90 days takes content and never a key: a captured request takes no effect a second time.</summary>
internal sealed class RetentionTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private SimulatedAccount account = null!;
    private SimulatedApp app = null!;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        app = NewApp();
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [TestCase(EventState.Completed)]
    [TestCase(EventState.Dead)]
    public void Content_is_kept_for_90_days_after_the_event_finished_and_not_an_instant_longer(EventState state)
    {
        app.Insert("key");
        // Received long before: what counts is when it finished.
        account.Advance(TimeSpan.FromDays(10));
        var lease = app.Claim("key").Lease!;
        app.Run(() => state == EventState.Completed ? lease.CompleteAsync() : lease.DieAsync("error"));

        account.Advance(TimeSpan.FromDays(90) - Instant);
        Assert.That(Purge(), Is.Zero);
        Assert.That(app.Find("key")!.State, Is.EqualTo(state));
        account.Advance(Instant);

        Assert.That(Purge(), Is.EqualTo(1));
        Assert.That(app.Find("key"), Is.Null);
        Assert.That(account.Storage.Tables.Entities(PointTable.Name), Has.Count.EqualTo(1), "of row and index its id alone is left");
    }

    [Test]
    public void What_is_open_is_never_purged()
    {
        app.Insert("received");
        app.Run(() => app.Claimed("retrying").RetryAsync("error", TimeSpan.FromDays(1)));
        account.Advance(TimeSpan.FromDays(1000));

        Assert.That(Purge(), Is.Zero);
        Assert.That(app.Find("received")!.State, Is.EqualTo(EventState.Received));
        Assert.That(app.Find("retrying")!.State, Is.EqualTo(EventState.Retrying));
    }

    [TestCase("\"timeStamp\":\"2026-05-01T12:00:00\",")]
    [TestCase("\"timeStamp\":\"2026-05-01T14:00:00\",")]
    [TestCase("\"timeStamp\":\"0001-01-01T00:00:00\",")]
    [TestCase("\"timeStamp\":\"9999-12-31T00:00:00\",")]
    [TestCase("\"timeStamp\":\"31/12/2025 10:00\",")]
    [TestCase("\"timeStamp\":1746100800,")]
    [TestCase("")]
    public void A_captured_request_takes_effect_once_whatever_its_time_and_the_history_of_the_retention(string timeStamp)
    {
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"type":"ProvisioningStarted","content":{},"meta":{{{{timeStamp}}}"idempotencyKey":"key"}}""");
        Assert.That(Receive(body), Is.EqualTo(KeptResponse.Accepted));
        Assert.That(app.Deliver(), Is.True);
        var handled = app.Records.Of("key");

        account.Advance(TimeSpan.FromDays(91));
        Assert.That(Purge(), Is.EqualTo(1));
        var answers = new List<string> { Receive(body) };
        // The setting is raised, and lowered again.
        foreach (var days in new[] { 3650, 1 })
        {
            app.Dispose();
            app = NewApp(days);
            account.Advance(TimeSpan.FromDays(1));
            answers.Add(Receive(body));
            Purge();
        }

        Assert.That(handled, Is.EqualTo(1));
        Assert.That(answers, Is.All.EqualTo(KeptResponse.Duplicate));
        Assert.That(account.Storage.Queues.Messages(QueueNames.ProvisioningStarted), Is.Empty);
        Assert.That(app.Records.Of("key"), Is.Zero);
    }

    [Test]
    public void An_erased_event_takes_no_effect_a_second_time()
    {
        app.Run(() => app.Claimed("key").CompleteAsync());
        var found = app.Run(() => app.Get<EventOperations>().FindAsync("key", withBody: false, CancellationToken.None));

        var erased = app.Run(() => app.Get<EventOperations>().EraseAsync(found)).Outcome;

        Assert.That(erased, Is.EqualTo(ChangeOutcome.Erased));
        Assert.That(Receive(SimulatedApp.Body("key")), Is.EqualTo(KeptResponse.Duplicate));
        Assert.That(app.Claim("key").Outcome, Is.EqualTo(ClaimOutcome.Finished));
    }

    [Test]
    public void What_is_more_than_a_page_of_one_range_is_purged_in_one_night()
    {
        KeepDead(120);
        account.Advance(TimeSpan.FromDays(91));

        Assert.That(Purge(), Is.EqualTo(120));
    }

    [Test]
    public void A_partition_that_fails_does_not_keep_those_behind_it_and_the_purge_says_so()
    {
        KeepDead(3);
        var other = Enumerable.Range(0, int.MaxValue).Select(i => $"key-{i}")
            .First(key => EventId.Of(SimulatedApp.Type, key).Partition == EventId.Partitions[^1]);
        account.KeepDead([other], "error");
        account.Advance(TimeSpan.FromDays(91));
        app.Faults = call => call.Operation == StorageOperation.QueryEntities
            && call.Request.Query["$filter"].Contains($"PartitionKey eq '{EventId.Partitions[0]}'", StringComparison.Ordinal)
                ? Fault.Unavailable
                : Fault.None;

        Assert.That(() => Purge(), Throws.TypeOf<AggregateException>().With.Message.StartsWith(
            "Storage failed for 1 of 16 partitions of the ledger. The next night tries them again."));

        Assert.That(app.Find(other), Is.Null, "its content is gone");
        app.Faults = _ => Fault.None;
        Assert.That(Purge(), Is.EqualTo(3));
    }

    [Test]
    public void The_purge_stops_between_two_batches_when_the_app_stops()
    {
        KeepDead(20);
        account.Advance(TimeSpan.FromDays(91));
        using var stopping = app.StopAt(StorageOperation.Transaction);

        Assert.That(() => Purge(stopping.Token), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(account.Index, Has.Count.EqualTo(2 * (20 - 8)), "what was begun is finished");
    }

    [Test]
    public void A_purge_that_is_told_to_stop_reads_no_further_range() =>
        Assert.That(() => Purge(new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    private SimulatedApp NewApp(int? retentionDays = null) => new(
        account,
        settings: [("Ledger:RetentionDays", retentionDays?.ToString(CultureInfo.InvariantCulture))],
        configure: services => services.AddEventHandler<RecordingHandler>());

    // All of one partition, and so of one range.
    private void KeepDead(int count) => account.KeepDead(
        Enumerable.Range(0, int.MaxValue).Select(i => $"key-{i}")
            .Where(key => EventId.Of(SimulatedApp.Type, key).Partition == EventId.Partitions[0]).Take(count),
        "error");

    private int Purge(CancellationToken stopping = default) => app.Run(() => app.Get<LedgerPurge>().RunAsync(stopping));

    private string Receive(byte[] body) => app.Run(() => app.ReceiveAsync(body)).Kept!.Status;
}

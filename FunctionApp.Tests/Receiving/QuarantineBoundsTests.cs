using PointWebhooks.Operations;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>How much the quarantine takes, over all instances.</summary>
internal sealed class QuarantineBoundsTests
{
    private static readonly byte[] Body = SimulatedApp.Body("key");

    private readonly SimulatedVendor away = new() { IsDown = true };

    private SimulatedAccount account = null!;

    [SetUp]
    public void Start() => account = new SimulatedAccount();

    [Test]
    public void Twenty_instances_at_once_keep_every_request_while_there_is_room()
    {
        var apps = Enumerable.Range(0, 20).Select(_ => new SimulatedApp(account, away)).ToList();

        var answers = apps.SelectMany((app, instance) => Enumerable.Range(0, 20)
            .Select(i => app.Begin(() => app.ReceiveAsync(SimulatedApp.Body($"{instance}-{i}"))))).ToList();
        var results = answers.ConvertAll(apps[0].End);

        Assert.That(results.Select(result => result.Kept?.Status), Is.All.EqualTo(KeptResponse.Quarantined));
        Assert.That(Waiting(apps[0]).Requests, Is.EqualTo(400));
        apps.ForEach(app => app.Dispose());
    }

    [Test]
    public void Of_requests_that_come_together_one_counts_for_all()
    {
        using var app = new SimulatedApp(account, away) { OnTheWay = TimeSpan.FromMilliseconds(100) };
        account.Storage.Calls.Clear();

        var answers = Enumerable.Range(0, 20).Select(i => app.Begin(() => app.ReceiveAsync(SimulatedApp.Body($"key-{i}")))).ToList();

        Assert.That(answers.ConvertAll(app.End).Select(answer => answer.Kept?.Status), Is.All.EqualTo(KeptResponse.Quarantined));
        Assert.That(account.Storage.Calls.Of(StorageOperation.QueryEntities), Is.EqualTo(1));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void It_takes_requests_up_to_its_bytes_and_not_one_more(int tooMany, bool isKept)
    {
        account.Occupy(QuarantineStore.Waiting, 1, Quarantine.MaxBytes - Body.Length + tooMany);
        using var app = new SimulatedApp(account, away);

        var answer = app.Run(() => app.ReceiveAsync(Body));

        Assert.That(answer.Kept is not null, Is.EqualTo(isKept));
        Assert.That(answer.Refused, Is.EqualTo(isKept ? null : Refusal.KeyUnavailable));
        Assert.That(Waiting(app).Requests, Is.EqualTo(isKept ? 2 : 1));
    }

    [Explicit("Takes half a minute: it writes twenty thousand rows.")]
    [Category("Soak")]
    [TestCase(Quarantine.MaxRequests - 1, true)]
    [TestCase(Quarantine.MaxRequests, false)]
    public void It_takes_requests_up_to_their_number_and_not_one_more(int waiting, bool isKept)
    {
        account.Occupy(QuarantineStore.Waiting, waiting, waiting);
        using var app = new SimulatedApp(account, away);

        var answer = app.Run(() => app.ReceiveAsync(Body));
        app.Account.Advance(Quarantine.UsageLifetime);
        var isHealthy = app.Run(() => app.Get<ReceiverHealth>().IsHealthyAsync());

        Assert.That(answer.Kept is not null, Is.EqualTo(isKept));
        Assert.That(isHealthy, Is.False, "now it is full");
    }

    [Test]
    public void What_an_instance_kept_itself_counts_at_once_and_what_others_did_after_five_seconds()
    {
        account.Occupy(QuarantineStore.Waiting, 1, Quarantine.MaxBytes - (2 * Body.Length));
        using var first = new SimulatedApp(account, away);
        using var second = new SimulatedApp(account, away);
        Assert.That(Room(first) && Room(second), Is.True);

        Assert.That(first.Run(() => first.ReceiveAsync(SimulatedApp.Body("one"))).Kept, Is.Not.Null);
        Assert.That(first.Run(() => first.ReceiveAsync(SimulatedApp.Body("two"))).Kept, Is.Not.Null);

        Assert.That(Room(first), Is.False);
        Assert.That(Room(second), Is.True);
        account.Advance(Quarantine.UsageLifetime);
        Assert.That(Room(second), Is.False);
    }

    [Test]
    public void What_an_instance_kept_itself_counts_at_once_among_the_requests_too()
    {
        account.Occupy(QuarantineStore.Waiting, Quarantine.MaxRequests - 1, Quarantine.MaxRequests);
        using var app = new SimulatedApp(account, away);

        Assert.That(app.Run(() => app.ReceiveAsync(SimulatedApp.Body("one"))).Kept, Is.Not.Null);
        Assert.That(app.Run(() => app.ReceiveAsync(SimulatedApp.Body("two"))).Refused, Is.EqualTo(Refusal.KeyUnavailable));
    }

    [Test]
    public void A_request_takes_its_room_once_however_often_it_is_sent_and_each_other_its_own()
    {
        using var app = new SimulatedApp(account, away);
        foreach (var (body, key) in new[] { ("one", "a"), ("one", "a"), ("one", "b"), ("two", "a") })
            app.Run(() => app.ReceiveAsync(SimulatedApp.Body(body), key));
        // Under the signature of one body, which another may bear as well.
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("three"), SignedAs("one")));
        app.Run(() => app.ReceiveAsync(SimulatedApp.Body("four"), SignedAs("one")));

        Assert.That(Waiting(app).Requests, Is.EqualTo(5));

        static Action<Microsoft.AspNetCore.Http.IHeaderDictionary> SignedAs(string body) =>
            headers => headers["Signature"] = Convert.ToBase64String(
                System.Security.Cryptography.HMACSHA256.HashData("a"u8.ToArray(), SimulatedApp.Body(body)));
    }

    [Test]
    public void Many_small_requests_leave_room_for_events()
    {
        // What a thousand random bodies of 60 bytes once did to a quarantine that counted requests.
        account.Occupy(QuarantineStore.Waiting, 1000, 60_000);
        using var app = new SimulatedApp(account, away);

        Assert.That(app.Run(() => app.ReceiveAsync(Body)).Kept, Is.Not.Null);
    }

    private static bool Room(SimulatedApp app) => app.Run(() => app.Get<Quarantine>().HasRoomAsync(1));

    private static QuarantineUsage Waiting(SimulatedApp app) =>
        app.Run(() => app.Get<QuarantineProcessor>().UsageAsync(QuarantineStore.Waiting, CancellationToken.None));
}

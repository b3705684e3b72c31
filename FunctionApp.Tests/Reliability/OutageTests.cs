using System.Net;
using PointWebhooks.Ledger;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Reliability.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Reliability;

/// <summary>What the app works with is away for a while.</summary>
// First of its folder, as nothing takes longer.
[Order(0)]
[Parallelizable(ParallelScope.All)]
internal sealed class OutageTests
{
    [Test]
    public async Task Events_that_arrive_while_storage_goes_away_and_comes_back_complete_once()
    {
        const string account = "outage";
        const string accountKey = "dGhlIGtleSBvZiB0aGUgb3V0YWdl";
        var folder = Directory.CreateTempSubdirectory("point-webhooks-outage-");
        var ports = StorageEmulator.FreePorts(3);
        // The emulator keeps what is written in memory for seconds and loses it to SIGKILL, which real storage does not: so it is
        // ended in peace, and saves.
        Task<Emulator> StartStorageAsync() =>
            Emulator.StartAsync(RepositoryRoot.Find(), ports, folder.FullName, $"{account}:{accountKey}", CancellationToken.None);
        var storage = await StartStorageAsync();
        try
        {
            await using var scenario = await Scenario.PrepareAsync(
                StorageEmulator.ConnectionString(account, accountKey, ports), Scenario.FastClock);
            await scenario.App.StartAsync();
            var keys = Enumerable.Range(0, 40).Select(i => $"{i}-event").ToList();
            var sending = Parallel.ForEachAsync(
                keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (key, _) => await scenario.SendUntilAcknowledgedAsync(key));

            await Eventually.TrueAsync(() => scenario.Points.Count("insert.after") >= 5, "some events are kept");
            await storage.DisposeAsync();
            await Eventually.TrueAsync(() => scenario.Unacknowledged >= 4, "senders are refused");
            storage = await StartStorageAsync();

            await sending;
            await scenario.AllCompletedAsync(keys);
        }
        finally
        {
            await storage.DisposeAsync();
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public async Task Two_instances_on_the_same_storage_with_the_same_traffic_and_two_messages_for_each_event_run_each_handler_once()
    {
        await using var scenario = await Scenario.StartAsync();
        await using var other = scenario.NewApp();
        await other.StartAsync();
        var repeated = 0;
        scenario.Points.At = async point =>
        {
            // Every other send is repeated by its client, as its answer is lost: two messages, and most likely one for each instance.
            if (point == "send.after" && Interlocked.Increment(ref repeated) % 2 == 1)
                return Verdict.Drop;
            // A downstream that takes its time, so that the second message comes while the first is in work.
            if (point == $"{Downstream.First}.before")
                await Task.Delay(800);
            return Verdict.Pass;
        };
        var keys = Enumerable.Range(0, 40).Select(i => $"{i}-event").ToList();
        await Task.WhenAll(keys.SelectMany(key => new[]
        {
            scenario.SendUntilAcknowledgedAsync(key),
            scenario.SendUntilAcknowledgedAsync(key, other),
        }));

        // A message that a busy machine could not send in time is the relay's, minutes later.
        await scenario.AllCompletedAsync(keys);
        await scenario.NoMessageLeftAsync();
        Assert.That(repeated, Is.GreaterThan(keys.Count), "there were more messages than events");
        Assert.That(scenario.Downstream.Calls, Is.EqualTo(2 * keys.Count), "no handler ran twice");
    }

    [Test]
    public async Task Events_that_come_at_a_cold_start_without_the_vendor_complete_once_though_the_process_dies_twice()
    {
        var point = new SimulatedPoint { SignatureKey = Scenario.SignatureKey, Token = Scenario.VendorToken, IsDown = true };
        await using var vendor = await PointServer.StartAsync(point, 0, CancellationToken.None);
        await using var scenario = await Scenario.PrepareAsync(clockFactor: Scenario.FastClock, vendor: new Uri(vendor.Urls.Single()));
        await scenario.App.StartAsync();
        var keys = Enumerable.Range(0, 10).Select(i => $"{i}-event").ToList();
        foreach (var key in keys)
            Assert.That(await scenario.SendUntilAcknowledgedAsync(key), Is.EqualTo(HttpStatusCode.Accepted));
        using var http = new HttpClient();
        var receiver = new Uri(scenario.App.Url, "/api/webhooks/point");
        var forgery = SampleEvents.Body("ProvisioningStarted", "forged");
        await Eventually.BecomesAsync(
            async () =>
            {
                using var answer = await new WebhookSender(http).SendAsync(receiver, forgery, "another key");
                return answer.StatusCode;
            },
            status => status == HttpStatusCode.Accepted,
            "a forgery, which without the key cannot be told from the others, is kept");

        // Once while they are in quarantine, and once between the admission of one and its removal.
        scenario.App.Kill();
        var dead = scenario.KillAt("insert.after");
        await scenario.App.StartAsync();
        point.IsDown = false;
        await dead.WaitAsync(Scenario.Patience);
        await scenario.App.StartAsync();

        await Eventually.BecomesAsync(
            async () => (await scenario.Events.InAsync(EventState.Completed)).Count,
            completed => completed == keys.Count,
            "all are completed");
        await scenario.AllCompletedAsync(keys);
    }
}

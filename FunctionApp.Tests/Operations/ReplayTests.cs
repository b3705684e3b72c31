using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

internal sealed class ReplayTests
{
    [Test]
    public async Task A_completed_event_is_replayed_only_when_that_is_asked_for()
    {
        await using var app = await TestApp.StartAsync();
        var key = "a/b " + Guid.NewGuid();
        await app.SendAsync("ProvisioningCompleted", key);
        await app.EventInAsync("Completed", key);

        var url = $"/api/events/{EventId.Of("ProvisioningCompleted", key)}/replay";
        using var refused = await app.Http.PostAsync(url, null);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), Does.Contain("?completed=true"));

        using var accepted = await app.Http.PostAsync(url + "?completed=true", null);
        Assert.That(accepted.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That((await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString(), Is.EqualTo("Replayed"));
        await Eventually.TrueAsync(() => app.Records.Of(key) == 2, "the handler ran again");
        await app.EventInAsync("Completed", key);
    }

    [Test]
    public async Task An_open_event_and_an_unknown_one_are_not_replayed()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        var key = Guid.NewGuid().ToString();
        await app.SendAsync("ProvisioningCompleted", key);
        using var open = await app.Http.PostAsync($"/api/events/{key}/replay", null);
        Assert.That(open.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await open.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString(), Is.EqualTo("The event is Received."));
        using var unknown = await app.Http.PostAsync("/api/events/unknown/replay", null);
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Dead_events_are_replayed_together_by_type_and_number()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        for (var i = 0; i < 5; i++)
            await DeadAsync(app, "ProvisioningFailed", $"failed-{i}");
        await DeadAsync(app, "ProvisioningStarted", "started");

        var first = await ReplayAsync(app, "state=dead&type=ProvisioningFailed&take=3");
        Assert.That(first, Is.EqualTo((3, 0, true)));
        var second = await ReplayAsync(app, "state=dead&type=ProvisioningFailed&take=3");
        Assert.That(second, Is.EqualTo((2, 0, false)));
        var dead = await app.JsonAsync("/api/events?state=dead");
        Assert.That(dead.GetProperty("events").EnumerateArray().Single().GetProperty("idempotencyKey").GetString(), Is.EqualTo("started"));
        Assert.That(await app.LengthAsync(PointWebhooks.Queues.QueueNames.ProvisioningFailed), Is.EqualTo(5));
    }

    [TestCase("", "state is not dead")]
    [TestCase("state=completed", "state is not dead")]
    [TestCase("state=zombie", "state is not one of")]
    [TestCase("state=dead&take=0", "take is not a number from 1 to 200")]
    public async Task A_query_that_would_replay_the_wrong_events_is_refused(string query, string detail)
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        using var response = await app.Http.PostAsync($"/api/events/replay?{query}", null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), Does.StartWith(detail));
    }

    private static async Task DeadAsync(TestApp app, string type, string key)
    {
        await app.InsertAsync(type, key);
        await using var lease = (await app.ClaimAsync(key, type)).Lease!;
        await lease.DieAsync("error");
    }

    private static async Task<(int Replayed, int Skipped, bool More)> ReplayAsync(TestApp app, string query)
    {
        using var response = await app.Http.PostAsync($"/api/events/replay?{query}", null);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (report.GetProperty("replayed").GetInt32(), report.GetProperty("skipped").GetInt32(), report.GetProperty("more").GetBoolean());
    }
}

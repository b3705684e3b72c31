using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>A start during an outage of the vendor's API: what comes is kept unread, and settled when the key is back.</summary>
internal sealed class QuarantineTests
{
    [Test]
    public async Task What_comes_without_a_key_is_kept_and_settled_when_the_key_is_back()
    {
        var (app, time) = await StartDownAsync();
        await using var _ = app;
        var key = Guid.NewGuid().ToString();
        var forged = Guid.NewGuid().ToString();
        var body = SampleEvents.Body("ProvisioningCompleted", key);
        using (var response = await app.Sender.SendAsync(app.Receiver, body, app.Point.SignatureKey))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("""{"status":"quarantined"}"""));
        }

        using (var again = await app.Sender.SendAsync(app.Receiver, body, app.Point.SignatureKey))
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), "the same request is kept once");
        using (var forgery = await SendAsync(app, forged, "another key"))
            Assert.That(forgery.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), "it cannot be told from an authentic one yet");
        using (var health = await app.Http.GetAsync("/api/health"))
            Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK), "an event sent now would be kept");

        await app.RunTimerAsync("RelayEvents");
        Assert.That(await KeptAsync(app), Is.EqualTo(2), "nothing is settled without the key");
        Assert.That((await app.EventAsync(key)).ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Undefined));

        app.Point.IsDown = false;
        time.Advance(KeyFetcher.Throttle);
        await app.RunTimerAsync("RelayEvents");
        await app.EventInAsync("Completed", key);
        Assert.That(app.Records.Of(key), Is.EqualTo(1));
        Assert.That((await app.EventAsync(forged)).ValueKind, Is.EqualTo(System.Text.Json.JsonValueKind.Undefined), "nothing forged gets in");
        Assert.That(await KeptAsync(app), Is.Zero);
        using var duplicate = await SendAsync(app, key, app.Point.SignatureKey);
        Assert.That(duplicate.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_request_that_is_wrong_without_any_key_is_not_kept()
    {
        var (app, _) = await StartDownAsync();
        await using var __ = app;
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Receiver) { Content = new StringContent("{}") };
        request.Headers.Add("Signature", "not a signature");
        using var response = await app.Http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await KeptAsync(app), Is.Zero);
    }

    private static async Task<(TestApp App, MovableTime Time)> StartDownAsync()
    {
        var time = new MovableTime();
        var app = await TestApp.StartAsync(time: time, isTiming: false, isDown: true);
        return (app, time);
    }

    private static Task<HttpResponseMessage> SendAsync(TestApp app, string key, string signatureKey) =>
        app.Sender.SendAsync(app.Receiver, SampleEvents.Body("ProvisioningCompleted", key), signatureKey);

    private static async Task<int> KeptAsync(TestApp app) =>
        (await app.Services.GetRequiredService<QuarantineStore>()
            .UsageAsync(QuarantineStore.Waiting, 1000, TimeSpan.FromSeconds(30), CancellationToken.None)).Requests;
}

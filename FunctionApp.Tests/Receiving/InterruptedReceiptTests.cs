using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What a sender is told when this app, or the sender itself, does not do its part.</summary>
internal sealed class InterruptedReceiptTests
{
    [Test]
    public async Task Without_storage_nothing_is_acknowledged()
    {
        // The ten seconds for which the app tries are half a second; PatienceTests measures them.
        await using var app = await TestApp.StartWithoutStorageAsync(new() { ["Point:SignatureKey"] = SimulatedApp.Key });
        using var response = await app.Sender.SendAsync(app.Receiver, SampleEvents.Body("ProvisioningStarted", "key"), SimulatedApp.Key);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(response.Headers.RetryAfter?.Delta, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("reason").GetString(), Is.EqualTo("storage-unavailable"));
        using var health = await app.Http.GetAsync("/api/health");
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await health.Content.ReadAsStringAsync(), Is.Empty, "health is open to everybody and says no more");
    }

    [Test]
    public async Task A_body_that_ends_early_is_not_kept()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        var body = SampleEvents.Body("ProvisioningStarted", "early");
        var head = $"POST /api/webhooks/point HTTP/1.1\r\nHost: localhost\r\nSignature: {WebhookSender.Sign(body, app.Point.SignatureKey)}\r\nTransfer-Encoding: chunked\r\n\r\n";
        using var client = new TcpClient();
        await client.ConnectAsync(app.Receiver.Host, app.Receiver.Port);
        var stream = client.GetStream();
        // The whole body in one chunk, and then something that is no chunk: the last chunk never comes.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}{body.Length:x}\r\n"));
        await stream.WriteAsync(body);
        await stream.WriteAsync("\r\nnot a chunk\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        Assert.That(await reader.ReadLineAsync(), Does.StartWith("HTTP/1.1 400"));
        Assert.That(await reader.ReadToEndAsync(), Does.Contain("body-incomplete"));
        Assert.That((await app.EventAsync("early")).ValueKind, Is.EqualTo(JsonValueKind.Undefined));
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

/// <summary>What requests get while the signature key changes, over real HTTP.</summary>
internal sealed class KeyRotationTests
{
    private FakeTimeProvider time = null!;
    private TestApp app = null!;

    [SetUp]
    public async Task StartAsync()
    {
        time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        app = await TestApp.StartAsync(time: time, isProcessing: false, isTiming: false);
    }

    [TearDown]
    public async Task StopAsync() => await (app?.DisposeAsync() ?? default);

    [Test]
    public async Task A_change_of_the_key_under_load_refuses_no_rightly_signed_request_and_accepts_no_forgery()
    {
        const int Before = 100;
        const int Total = 400;
        var answers = new ConcurrentBag<HttpStatusCode>();
        var forged = new ConcurrentBag<HttpStatusCode>();
        var sent = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref sent); i <= Total; i = Interlocked.Increment(ref sent))
            {
                // In flight when the key changes are requests signed with the old one and with the new one.
                if (i == Before)
                {
                    app.Point.RotateKey();
                }

                // Two forgeries right before the change, and one right behind it.
                if (i is Before - 2 or Before - 1 or Before + 1)
                    forged.Add(await SendAsync(Guid.NewGuid().ToString(), "another key"));
                answers.Add(await SendAsync(Guid.NewGuid().ToString(), app.Point.SignatureKey));
            }
        }));
        Assert.That(answers, Has.Count.EqualTo(Total).And.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(forged, Has.Count.EqualTo(3).And.All.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(app.Point.Calls, Is.LessThanOrEqualTo(1 + KeyFetcher.Reserve));
    }

    [Test]
    public async Task Under_a_flood_of_forgeries_an_event_signed_with_a_key_just_changed_is_taken_as_soon_as_the_key_can_be_asked_for()
    {
        await SendAsync("before", app.Point.SignatureKey);
        for (var i = 0; i < 20; i++)
            Assert.That(await SendAsync($"forged {i}", "another key"), Is.EqualTo(HttpStatusCode.Unauthorized));
        var calls = app.Point.Calls;
        Assert.That(calls, Is.EqualTo(1 + KeyFetcher.Reserve), "the flood does not drive calls to the vendor");

        var after = app.Point.RotateKey();
        Assert.That(await SendAsync("after", after), Is.EqualTo(HttpStatusCode.Unauthorized), "it cannot be told from a forgery yet");
        time.Advance(KeyFetcher.Throttle);
        await Eventually.BecomesAsync(() => app.EventAsync("after"), found => found.ValueKind == JsonValueKind.Object, "the event is kept after all");
        Assert.That(await SendAsync("after", after), Is.EqualTo(HttpStatusCode.OK), "sent again, it is a duplicate");
        Assert.That(app.Point.Calls, Is.EqualTo(calls + 1));
        Assert.That((await app.EventAsync("forged 10")).ValueKind, Is.EqualTo(JsonValueKind.Undefined), "a forgery stays out");
    }

    [Test]
    public async Task No_more_bytes_wait_for_a_deferred_verification_than_there_is_room_for()
    {
        await SendAsync("before", app.Point.SignatureKey);
        for (var i = 0; i < KeyFetcher.Reserve; i++)
            await SendAsync($"forged {i}", "another key");
        var large = new byte[BoundedBody.MaxLength];
        for (var i = 0; i < DeferredVerification.MaxBytes / large.Length; i++)
        {
            BitConverter.TryWriteBytes(large, i);
            (await app.Sender.SendAsync(app.Receiver, large, "another key")).Dispose();
        }

        var after = app.Point.RotateKey();
        Array.Fill(large, (byte)' ');
        SampleEvents.Body("ProvisioningStarted", "large").CopyTo(large, 0);
        (await app.Sender.SendAsync(app.Receiver, large, after)).Dispose();
        await SendAsync("small", after);
        time.Advance(KeyFetcher.Throttle);
        await Eventually.TrueAsync(() => app.Services.GetRequiredService<SignatureKeys>().Status.PreviousUntil is not null, "the change is known");
        await Eventually.BecomesAsync(
            () => app.EventAsync("small"), found => found.ValueKind == JsonValueKind.Object, "a small one still had room");
        Assert.That((await app.EventAsync("large")).ValueKind, Is.EqualTo(JsonValueKind.Undefined), "a large one had none");
    }

    private async Task<HttpStatusCode> SendAsync(string idempotencyKey, string key)
    {
        using var response = await app.Sender.SendAsync(app.Receiver, SampleEvents.Body("ProvisioningStarted", idempotencyKey), key);
        return response.StatusCode;
    }
}

using System.Net.Mime;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Handlers.Support;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace PointWebhooks.Tests.Handlers.Http;

/// <summary>Events sent to a url, as receivers with the libraries of others see them.</summary>
internal sealed class HttpTargetTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Earlier = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private const string Odd =
        """
        {"type":"ProvisioningCompleted","content":{"name":"Büro \"Nord\" 100% 😀","url":"https://contoso.sharepoint.com/sites/n"},
         "meta":{"timeStamp":"2026-05-01T12:30:00","idempotencyKey":"Schlüssel №1"}}
        """;

    private Receiver receiver = null!;

    [SetUp]
    public async Task StartAsync() => receiver = await Receiver.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => receiver.DisposeAsync();

    [TestCase("ProvisioningStarted", "com.syskit.point.provisioning.started")]
    [TestCase("ProvisioningCompleted", "com.syskit.point.provisioning.completed")]
    [TestCase("ProvisioningFailed", "com.syskit.point.provisioning.failed")]
    [TestCase("SomethingNew", "com.syskit.point.something.new")]
    public async Task A_receiver_gets_a_CloudEvent(string type, string expected)
    {
        await using var handler = Handler();
        var context = await handler.HandleAsync(type);

        var request = receiver.Requests.Single();
        var received = Structured(request);
        Assert.That((request.Method, request.Path), Is.EqualTo(("POST", "/hook/p4th?token=q")));
        Assert.That(received.IsValid);
        Assert.That((received.Id, received.Type), Is.EqualTo((context.EventId, expected)));
        Assert.That(received.Source, Is.EqualTo(new Uri("https://contoso.syskit365demo.com")));
        Assert.That(received.Subject, Is.EqualTo(type == "SomethingNew" ? null : "Project Phoenix"));
        Assert.That(request.Headers["Idempotency-Key"], Is.EqualTo(context.EventId));
        Assert.That(request.Headers.Keys, Has.None.StartsWith("webhook-"));
        Assert.That(context.Effect, Is.EqualTo(new HandlerEffect("Sent to 127.0.0.1", null)));
    }

    [TestCase("Structured")]
    [TestCase("Binary")]
    public async Task Names_and_keys_of_any_script_arrive_in_both_modes(string mode)
    {
        await using var handler = Handler(("Mode", mode));
        await handler.HandleAsync(HandlerUnderTest.Body(Odd));

        var request = receiver.Requests.Single();
        var received = mode == "Binary" ? await BinaryAsync(request) : Structured(request);
        Assert.That(received.Subject, Is.EqualTo("Büro \"Nord\" 100% 😀"));
        Assert.That(received["idempotencykey"], Is.EqualTo("Schlüssel №1"));
        Assert.That(received.Time, Is.EqualTo(new DateTimeOffset(2026, 5, 1, 12, 30, 0, TimeSpan.Zero)));
        Assert.That(received.DataContentType, Is.EqualTo("application/json"));
        Assert.That(((System.Text.Json.JsonElement)received.Data!).GetProperty("url").GetString(), Is.EqualTo("https://contoso.sharepoint.com/sites/n"));
        Assert.That(request.Headers["Content-Type"], Does.StartWith(mode == "Binary" ? "application/json" : "application/cloudevents+json; charset=utf-8"));
    }

    [Test]
    public async Task In_binary_mode_the_attributes_are_headers()
    {
        await using var handler = Handler(("Mode", "Binary"));
        var context = await handler.HandleAsync(HandlerUnderTest.Body(Odd));

        var headers = receiver.Requests.Single().Headers;
        Assert.That(
            headers.Where(header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)),
            Is.EquivalentTo(new Dictionary<string, string>
            {
                ["ce-specversion"] = "1.0",
                ["ce-id"] = context.EventId,
                ["ce-source"] = "https://contoso.syskit365demo.com",
                ["ce-type"] = "com.syskit.point.provisioning.completed",
                ["ce-subject"] = "B%C3%BCro%20%22Nord%22%20100%25%20%F0%9F%98%80",
                ["ce-time"] = "2026-05-01T12:30:00Z",
                ["ce-idempotencykey"] = "Schl%C3%BCssel%20%E2%84%961",
            }));
    }

    [TestCase("Structured")]
    [TestCase("Binary")]
    public async Task An_event_without_a_time_has_that_of_its_receipt_and_no_control_characters(string mode)
    {
        await using var handler = Handler(("Mode", mode));
        var context = await handler.HandleAsync(HandlerUnderTest.Body(
            """{"type":"ProvisioningStarted","content":{"name":"a\u0007b"},"meta":{"idempotencyKey":"k"}}"""));

        var request = receiver.Requests.Single();
        var received = mode == "Binary" ? await BinaryAsync(request) : Structured(request);
        Assert.That((received.Time, received.Subject), Is.EqualTo(((DateTimeOffset?)context.ReceivedAt, "a b")));
    }

    [Test]
    public async Task What_cannot_be_read_is_sent_as_its_bytes()
    {
        await using var handler = Handler();
        await handler.HandleAsync([0xFF, 0xFE, 0x00, 0x01]);

        var received = Structured(receiver.Requests.Single());
        Assert.That(received.Type, Is.EqualTo("com.syskit.point.unreadable"));
        Assert.That(received.Data, Is.EqualTo(new byte[] { 0xFF, 0xFE, 0x00, 0x01 }));
    }

    [Test]
    public async Task A_signed_event_is_verified_by_the_old_secret_and_by_the_new_one()
    {
        await using var handler = Handler(("Secret", Secret), ("PreviousSecret", Earlier));
        await handler.HandleAsync(HandlerUnderTest.Body(Odd));

        var request = receiver.Requests.Single();
        var signatures = request.Headers["webhook-signature"].Split(' ');
        Verify(Secret, request);
        // This version of the library looks at the first signature only, where the specification says any.
        Verify(Earlier, With(request, ("webhook-signature", signatures[1])));
        Assert.That(signatures, Has.Length.EqualTo(2));
        Assert.That(() => Verify("whsec_" + Convert.ToBase64String(new byte[24]), request), Throws.TypeOf<WebhookVerificationException>());
        Assert.That(request.Headers["webhook-id"], Is.EqualTo(Structured(request).Id));
    }

    [Test]
    public async Task After_a_lost_answer_the_same_is_sent_under_the_same_id()
    {
        await using var handler = Handler(("Secret", Secret));
        receiver.LoseAnswer();
        var body = HandlerUnderTest.Body(Odd);

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync(body));
        await handler.HandleAsync(body, attempt: 2);

        Assert.That(failure!.Message, Does.StartWith("The receiver did not answer POST to 127.0.0.1: "));
        var requests = receiver.Requests.ToList();
        Assert.That(requests, Has.Count.EqualTo(2), "no attempt in between");
        Assert.That(requests[1].Headers["webhook-id"], Is.EqualTo(requests[0].Headers["webhook-id"]));
        Assert.That(requests[1].Body, Is.EqualTo(requests[0].Body));
        Verify(Secret, requests[1]);
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(301)]
    public async Task What_will_not_heal_by_itself_is_permanent(int status)
    {
        await using var handler = Handler();
        receiver.Answer(status, "s3cret of the receiver", ("Location", "/elsewhere"));

        var failure = Assert.ThrowsAsync<PermanentFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Is.EqualTo($"The receiver answered POST to 127.0.0.1 with {status}."));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1), "a redirect is not followed");
    }

    [TestCase(408)]
    [TestCase(409)]
    [TestCase(425)]
    [TestCase(429)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task What_may_heal_is_transient_and_left_to_the_next_attempt(int status)
    {
        await using var handler = Handler();
        receiver.Answer(status, "", ("Retry-After", "120"));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(2)));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("00:02:00", "00:02:00")]
    [TestCase("-00:02:00", null)]
    public async Task A_time_of_day_to_come_back_at_is_waited_for_unless_it_is_over(string fromNow, string? waited)
    {
        var now = new DateTimeOffset(2026, 5, 1, 12, 0, 1, TimeSpan.Zero);
        await using var handler = new HandlerUnderTest(
            "Http", [("Url", receiver.Url)], services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(now)));
        receiver.Answer(503, "", ("Retry-After", (now + TimeSpan.Parse(fromNow, null)).ToString("R")));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.RetryAfter, Is.EqualTo(waited is null ? null : (TimeSpan?)TimeSpan.Parse(waited, null)));
    }

    [Test]
    public async Task A_body_of_ones_own_takes_the_place_of_the_CloudEvent()
    {
        await using var handler = Handler(
            ("Body", """{ "u_name": {{ name | json }}, "u_event": {{ eventId | json }} }"""), ("Authorization", "Basic dTpw"),
            ("Headers:X_Api_Key", "k"));
        var context = await handler.HandleAsync(HandlerUnderTest.Body(Odd));

        var request = receiver.Requests.Single();
        var sent = System.Text.Json.JsonElement.Parse(request.Text);
        Assert.That(sent.GetProperty("u_name").GetString(), Is.EqualTo("Büro \"Nord\" 100% 😀"));
        Assert.That(sent.GetProperty("u_event").GetString(), Is.EqualTo(context.EventId));
        Assert.That(
            (request.Headers["Authorization"], request.Headers["X-Api-Key"], request.Headers["Content-Type"]),
            Is.EqualTo(("Basic dTpw", "k", "application/json; charset=utf-8")));
    }

    [Test]
    public async Task A_body_that_an_event_makes_no_JSON_of_is_not_sent()
    {
        await using var handler = Handler(("Body", """{ "u_kind": "{{ kind }}" }"""));
        const string Hostile =
            """{"type":"ProvisioningCompleted","content":{"name":"Phoenix","type":"a\"b"},"meta":{"idempotencyKey":"key"}}""";

        var failure = Assert.ThrowsAsync<PermanentFailureException>(() => handler.HandleAsync(HandlerUnderTest.Body(Hostile)));

        Assert.That(failure!.Message, Does.StartWith("Body does not make a JSON object of this event: it was not sent."));
        Assert.That(receiver.Requests, Is.Empty);
    }

    [Test]
    public async Task A_preview_shows_what_would_be_sent_and_no_secret()
    {
        await using var handler = Handler(("Authorization", "Basic dTpw"), ("Secret", Secret), ("Headers:x-api-key", "key-of-the-crm"));

        var preview = handler.Preview().Single();

        Assert.That(preview, Does.Contain("Authorization: …").And.Contain("com.syskit.point.provisioning.completed"));
        Assert.That(preview, Does.Not.Contain("dTpw").And.Not.Contain("p4th").And.Not.Contain("token="));
        Assert.That(preview, Does.Contain("x-api-key: …").And.Not.Contain("key-of-the-crm"));
        Assert.That(receiver.Requests, Is.Empty);
    }

    private HandlerUnderTest Handler(params (string, string?)[] settings) =>
        new("Http", [("Url", $"{receiver.Url}/hook/p4th?token=q"), .. settings]);

    private static void Verify(string secret, ReceivedRequest request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in request.Headers)
            headers[name] = value;
        new StandardWebhook(secret).Verify(request.Text, headers);
    }

    private static ReceivedRequest With(ReceivedRequest request, (string Name, string Value) header) =>
        request with { Headers = new Dictionary<string, string>(request.Headers, StringComparer.OrdinalIgnoreCase) { [header.Name] = header.Value } };

    private static CloudEvent Structured(ReceivedRequest request) => new JsonEventFormatter().DecodeStructuredModeMessage(
        request.Body, new ContentType(request.Headers["Content-Type"]), null);

    private static async Task<CloudEvent> BinaryAsync(ReceivedRequest request)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "http://receiver.example") { Content = new ByteArrayContent(request.Body) };
        message.Content.Headers.TryAddWithoutValidation("Content-Type", request.Headers["Content-Type"]);
        foreach (var (name, value) in request.Headers.Where(header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)))
            message.Headers.TryAddWithoutValidation(name, value);
        return await message.ToCloudEventAsync(new JsonEventFormatter());
    }
}

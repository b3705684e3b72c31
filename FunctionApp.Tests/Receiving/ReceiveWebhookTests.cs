using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Receiving;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>What each request gets, over real HTTP on real storage.</summary>
internal sealed class ReceiveWebhookTests
{
    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await TestApp.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_signed_new_event_is_accepted_and_completes(bool chunked)
    {
        var key = NewKey();
        using var response = await app.Sender.SendAsync(app.Receiver, SampleEvents.Body("ProvisioningStarted", key), app.Point.SignatureKey, chunked);
        var answer = await response.Content.ReadFromJsonAsync<KeptResponse>();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(answer, Is.EqualTo(new KeptResponse("accepted", EventId.Of("ProvisioningStarted", key).Value, key)));
        await app.EventInAsync("Completed", key);
        Assert.That(app.Records.Of(key), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_that_was_seen_before_is_a_duplicate_even_with_another_body()
    {
        var key = NewKey();
        await app.SendAsync("ProvisioningStarted", key);
        var id = EventId.Of("ProvisioningStarted", key).Value;
        // While an event is processed its history takes no note: that would cost the processor its lease.
        await app.EventInAsync("Completed", key);

        using var response = await app.SendBodyAsync($$$"""{"type":"ProvisioningStarted","meta":{"idempotencyKey":"{{{key}}}"}}""");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadFromJsonAsync<KeptResponse>(), Is.EqualTo(new KeptResponse("duplicate", id, key)));
        var kept = await app.EventInAsync("Completed", key);
        Assert.That(kept.GetProperty("body").GetProperty("content").GetProperty("name").GetString(), Is.Not.Null, "the first one stands");
        Assert.That(
            kept.GetProperty("history").EnumerateArray().Select(entry => entry.TryGetProperty("detail", out var text) ? text.GetString() : ""),
            Has.One.StartsWith("sent again with another body, SHA-256 "));
    }

    [Test]
    public async Task Two_types_with_one_key_are_two_events()
    {
        var key = NewKey();
        Assert.That(await app.SendAsync("ProvisioningStarted", key), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await app.SendAsync("ProvisioningFailed", key), Is.EqualTo(HttpStatusCode.Accepted));

        await Eventually.TrueAsync(() => app.Records.Of(key) == 2, "both are handled");
        using var byKey = await app.Http.GetAsync($"/api/events/{key}");
        Assert.That(byKey.StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "the key does not name one");
        Assert.That(await byKey.Content.ReadAsStringAsync(), Does.Contain(EventId.Of("ProvisioningFailed", key).Value));
    }

    [Test]
    public async Task An_event_of_an_unknown_type_is_kept_and_handled_as_unknown()
    {
        var key = NewKey();
        Assert.That(await app.SendAsync("WorkspaceArchived", key), Is.EqualTo(HttpStatusCode.Accepted));
        await app.EventInAsync("Completed", key);
        var handled = app.Records.Handled.Single(handled => handled.Context.IdempotencyKey == key);
        Assert.That(handled.Event, Is.TypeOf<UnknownEvent>().With.Property(nameof(PointEvent.Type)).EqualTo("WorkspaceArchived"));
    }

    [TestCase("this is not JSON", TestName = "A signed body that is not JSON is kept as unreadable")]
    [TestCase("{\"content\":{}}", TestName = "A signed body without a type is kept as unreadable")]
    [TestCase("", TestName = "A signed empty body is kept as unreadable")]
    public async Task A_signed_body_that_cannot_be_read_is_kept(string body)
    {
        using var response = await app.SendBodyAsync(body);
        var answer = (await response.Content.ReadFromJsonAsync<KeptResponse>())!;
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(answer.IdempotencyKey, Is.EqualTo(IdempotencyKeys.OfBytes(Encoding.UTF8.GetBytes(body))));
        var kept = await app.EventInAsync("Completed", answer.IdempotencyKey!);
        Assert.That(kept.GetProperty("type").GetString(), Is.EqualTo("Unreadable"));
    }

    [Test]
    public async Task A_signed_event_without_a_key_is_kept_under_the_hash_of_its_body()
    {
        var body = $$$"""{"type":"ProvisioningStarted","content":{"name":"{{NewKey()}}"}}""";
        using var first = await app.SendBodyAsync(body);
        using var second = await app.SendBodyAsync(body);
        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await first.Content.ReadFromJsonAsync<KeptResponse>())!.IdempotencyKey, Is.EqualTo(IdempotencyKeys.OfBytes(Encoding.UTF8.GetBytes(body))));
    }

    [TestCase("a/b\\c#d?e%f")]
    [TestCase("späte Straße 東京")]
    public async Task A_key_that_no_row_could_bear_is_kept_as_it_is(string prefix)
    {
        var key = prefix + NewKey();
        Assert.That(await app.SendAsync("ProvisioningCompleted", key), Is.EqualTo(HttpStatusCode.Accepted));
        var kept = await app.EventInAsync("Completed", key);
        Assert.That(kept.GetProperty("idempotencyKey").GetString(), Is.EqualTo(key));
    }

    [Test]
    public async Task The_longest_key_finds_its_event()
    {
        var key = NewKey().PadRight(1024, '\u6f22');
        Assert.That(await app.SendAsync("ProvisioningCompleted", key), Is.EqualTo(HttpStatusCode.Accepted));
        var found = await app.JsonAsync($"/api/events/{Uri.EscapeDataString(key)}");
        Assert.That(found.GetProperty("idempotencyKey").GetString(), Is.EqualTo(key));
    }

    [TestCase("0001-01-01T00:00:00")]
    [TestCase("9999-12-31T23:59:59")]
    [TestCase("31/12/2025 10:00")]
    public async Task An_event_is_accepted_whatever_its_time_says(string timeStamp)
    {
        using var response = await app.SendBodyAsync(
            $$$"""{"type":"ProvisioningStarted","meta":{"timeStamp":"{{{timeStamp}}}","idempotencyKey":"{{{NewKey()}}}"}}""");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task A_body_with_a_byte_order_mark_and_line_ends_is_verified_as_sent()
    {
        var key = NewKey();
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($$$"""{"type":"ProvisioningStarted",{{{"\r\n"}}}"meta":{"idempotencyKey":"{{{key}}}"}}""")];
        using var response = await app.Sender.SendAsync(app.Receiver, body, app.Point.SignatureKey);
        Assert.That((await response.Content.ReadFromJsonAsync<KeptResponse>())!.IdempotencyKey, Is.EqualTo(key));
    }

    [Test]
    public async Task A_body_that_is_not_UTF8_is_verified_as_sent()
    {
        byte[] body = [.. "{\"type\":\""u8, 0xFF, 0xFE, .. "\"}"u8];
        using var response = await app.Sender.SendAsync(app.Receiver, body, app.Point.SignatureKey);
        Assert.That((await response.Content.ReadFromJsonAsync<KeptResponse>())!.IdempotencyKey, Is.EqualTo(IdempotencyKeys.OfBytes(body)));
    }

    [TestCase(null, "SHA256", "signature-missing")]
    [TestCase("x,y", "SHA256", "signature-repeated")]
    [TestCase("not base64", "SHA256", "signature-malformed")]
    [TestCase("@valid", "MD5", "algorithm-unsupported")]
    [TestCase("@other", "SHA256", "signature-mismatch")]
    public async Task A_request_without_a_right_signature_is_refused(string? signature, string algorithm, string reason)
    {
        var key = NewKey();
        var body = SampleEvents.Body("ProvisioningStarted", key);
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Receiver) { Content = new ByteArrayContent(body) };
        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation("Signature", signature switch
            {
                "@valid" => WebhookSender.Sign(body, app.Point.SignatureKey),
                "@other" => WebhookSender.Sign(body, "another key"),
                _ => signature,
            });
        }

        request.Headers.Add("Algorithm", algorithm);
        using var response = await app.Http.SendAsync(request);
        await AssertRefusedAsync(response, 401, reason);
        Assert.That((await app.EventAsync(key)).ValueKind, Is.EqualTo(JsonValueKind.Undefined), "nothing forged is kept");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_over_the_limit_is_refused(bool chunked)
    {
        using var response = await app.Sender.SendAsync(
            app.Receiver, new byte[BoundedBody.MaxLength + 1], app.Point.SignatureKey, chunked);
        await AssertRefusedAsync(response, 413, "body-too-large");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_of_just_the_limit_is_kept_whole(bool chunked)
    {
        var key = NewKey();
        var start = $$"""{"type":"ProvisioningStarted","meta":{"idempotencyKey":"{{key}}"},"content":{"name":" """.TrimEnd();
        var body = start + new string('x', BoundedBody.MaxLength - start.Length - 3) + "\"}}";
        using var response = await app.SendBodyAsync(body, chunked);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        var kept = await app.EventInAsync("Completed", key);
        Assert.That(kept.GetProperty("body").GetProperty("content").GetProperty("name").GetString(), Has.Length.GreaterThan(260_000));
        Assert.That(Encoding.UTF8.GetString(app.Records.Handled.Single(handled => handled.Context.IdempotencyKey == key).Context.Body.Span), Is.EqualTo(body));
    }

    [TestCase("GET", "/api/webhooks/point")]
    [TestCase("PUT", "/api/webhooks/point")]
    [TestCase("POST", "/api/webhooks")]
    [TestCase("POST", "/webhooks/point")]
    public async Task A_wrong_method_or_route_is_404_without_a_body(string method, string path)
    {
        using var response = await app.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.Empty);
    }

    [Test]
    public async Task A_hundred_identical_requests_at_once_are_one_event_and_one_effect()
    {
        var key = NewKey();
        var body = SampleEvents.Body("ProvisioningCompleted", key);
        await HundredAtOnceAsync(key, () => body);
    }

    [Test]
    public Task A_hundred_requests_of_one_key_with_other_bodies_at_once_are_one_event_and_one_effect()
    {
        var key = NewKey();
        return HundredAtOnceAsync(key, () => SampleEvents.Body("ProvisioningCompleted", key));
    }

    private async Task HundredAtOnceAsync(string key, Func<byte[]> body)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => app.Sender.SendAsync(app.Receiver, body(), app.Point.SignatureKey)));
        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted), Is.EqualTo(1));
        Assert.That(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), Is.EqualTo(99));
        await app.EventInAsync("Completed", key);
        Assert.That(app.Records.Of(key), Is.EqualTo(1));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response, int status, string reason)
    {
        Assert.That((int)response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(problem.GetProperty("reason").GetString(), Is.EqualTo(reason));
        Assert.That(problem.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo($"urn:point-webhooks:problem:{reason}"));
    }

    private static string NewKey() => Guid.NewGuid().ToString();
}

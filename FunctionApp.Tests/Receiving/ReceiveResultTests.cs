using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Receiving;
using PointWebhooks.Settings;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Receiving;

/// <summary>How a sender is answered.</summary>
internal sealed class ReceiveResultTests
{
    private const string Mark = "0123456789abcdef";

    private static IEnumerable<Refusal> Refusals => typeof(Refusal).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Where(one => one.FieldType == typeof(Refusal)).Select(one => (Refusal)one.GetValue(null)!);

    private static IEnumerable<TestCaseData> RefusalCases => Refusals.Select(refusal => new TestCaseData(refusal).SetName($"A refusal is told: {refusal.Reason}"));

    // Read to its end was only what was judged by its bytes or could not be kept.
    private static IEnumerable<Refusal> WithBodyRead => [Refusal.SignatureMismatch, Refusal.KeyUnavailable, Refusal.StorageUnavailable];

    [TestCaseSource(nameof(RefusalCases))]
    public async Task A_refusal_is_told(object refused)
    {
        var refusal = (Refusal)refused;

        var (response, body) = await AnswerAsync(ReceiveResult.Of(refusal));

        var problem = JsonDocument.Parse(body).RootElement;
        Assert.That((response.ContentType, response.ContentLength), Is.EqualTo(("application/problem+json", (long?)body.Length)));
        Assert.That((response.StatusCode, problem.GetProperty("status").GetInt32()), Is.EqualTo((refusal.Status, refusal.Status)));
        Assert.That(problem.GetProperty("reason").GetString(), Is.EqualTo(refusal.Reason));
        Assert.That(problem.GetProperty("type").GetString(), Is.EqualTo($"urn:point-webhooks:problem:{refusal.Reason}"));
        Assert.That(problem.GetProperty("title").GetString(), Is.EqualTo(refusal.Title));
        Assert.That(problem.GetProperty("detail").GetString(), Is.EqualTo(refusal.Detail));
        Assert.That(response.Headers.XContentTypeOptions.ToString(), Is.EqualTo("nosniff"));
        Assert.That(response.Headers.RetryAfter.ToString(), Is.EqualTo(refusal.Status == 503 ? "30" : ""));
        Assert.That(response.Headers.Connection.ToString(), Is.EqualTo(WithBodyRead.Contains(refusal) ? "" : "close"));
        Assert.That(response.Headers[EndpointMark.Header].ToString(), Is.EqualTo(refusal == Refusal.SignatureMissing ? Mark : ""));
    }

    [Test]
    public void Every_refusal_has_a_reason_of_its_own_for_programs_and_sentences_for_people()
    {
        Assert.That(Refusals.Select(refusal => refusal.Reason), Is.Unique);
        foreach (var refusal in Refusals)
        {
            Assert.That(refusal.Reason, Does.Match(new Regex("^[a-z]+(-[a-z]+)*$")));
            foreach (var sentence in new[] { refusal.Title, refusal.Detail })
                Assert.That(sentence, Does.Match(new Regex(@"^[A-Z].{10,}\.$")), refusal.Reason);
            Assert.That(refusal.Status, Is.AnyOf(400, 401, 413, 503), refusal.Reason);
        }
    }

    [Test]
    public void The_bounds_are_named_to_the_sender_who_has_exceeded_them()
    {
        Assert.That(Refusal.BodyTooLarge.Detail, Does.Contain("262144 bytes"));
        Assert.That(Refusal.BodyIncomplete.Detail, Does.Contain("within 30 s"));
    }

    [TestCase(SignatureHeaderError.Missing, "signature-missing")]
    [TestCase(SignatureHeaderError.Repeated, "signature-repeated")]
    [TestCase(SignatureHeaderError.Malformed, "signature-malformed")]
    [TestCase(SignatureHeaderError.UnsupportedAlgorithm, "algorithm-unsupported")]
    public void Wrong_headers_are_told_apart(object error, string reason) =>
        Assert.That(Refusal.For((SignatureHeaderError)error), Has.Property("Reason").EqualTo(reason).And.Property("Status").EqualTo(401));

    [TestCase("accepted", 202)]
    [TestCase("quarantined", 202)]
    [TestCase("duplicate", 200)]
    public async Task What_is_kept_is_told_with_its_id_and_its_key_as_it_is_written(string status, int code)
    {
        var (response, body) = await AnswerAsync(ReceiveResult.Of(new KeptResponse(status, "an-id", "a+b & é")));

        Assert.That((response.StatusCode, body), Is.EqualTo((code, $$"""{"status":"{{status}}","id":"an-id","idempotencyKey":"a+b & é"}""")));
        Assert.That(response.Headers.XContentTypeOptions.ToString(), Is.EqualTo("nosniff"));
        Assert.That(response.Headers.ContainsKey("Retry-After") || response.Headers.ContainsKey("Connection"), Is.False);
    }

    [TestCase(16 * 1024, "")]
    [TestCase((16 * 1024) + 1, "close")]
    public void A_small_body_that_was_not_read_does_not_cost_the_connection(int length, string connection) =>
        Assert.That(ConnectionAfter(Refusal.SignatureMissing, length), Is.EqualTo(connection));

    [Test]
    public void A_body_that_has_not_arrived_costs_the_connection_also_when_it_is_small() =>
        Assert.That(ConnectionAfter(Refusal.BodyIncomplete, 1), Is.EqualTo("close"));

    private static string ConnectionAfter(Refusal refusal, int length)
    {
        var context = new DefaultHttpContext { Request = { ContentLength = length } };
        ReceiveResult.Of(refusal).ToResult(context.Response, Mark);
        return context.Response.Headers.Connection.ToString();
    }

    private static async Task<(HttpResponse Response, string Body)> AnswerAsync(ReceiveResult result)
    {
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        var body = new MemoryStream();
        context.Response.Body = body;
        await result.ToResult(context.Response, Mark).ExecuteAsync(context);
        return (context.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }
}

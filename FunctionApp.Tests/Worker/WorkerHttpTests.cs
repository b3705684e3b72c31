using System.Net;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>Requests that the host forwards to the worker.</summary>
internal sealed class WorkerHttpTests : WorkerTests
{
    [Test]
    public async Task A_signed_event_is_accepted_and_a_second_delivery_is_a_duplicate()
    {
        var body = SampleEvents.Body("ProvisioningStarted", "worker-signed");

        using var first = await App.PostAsync(body);
        using var second = await App.PostAsync(body);

        Assert.That(first.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await second.Content.ReadAsStringAsync(), Does.Contain("duplicate"));
    }

    [Test]
    public async Task A_forged_event_is_refused()
    {
        using var response = await App.PostAsync(SampleEvents.Body("ProvisioningStarted", "worker-forged"), key: "forged");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_chunked_body_arrives_whole()
    {
        using var response = await App.PostAsync(SampleEvents.Body("ProvisioningStarted", "worker-chunked"), isChunked: true);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await App.StateAsync("worker-chunked"), Is.EqualTo("Received"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_body_of_300_KB_is_too_large(bool isChunked)
    {
        var body = SampleEvents.Body("ProvisioningStarted", "worker-large", size: 300_000);

        using var response = await App.PostAsync(body, isChunked: isChunked);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [TestCase("aad", HttpStatusCode.OK)]
    [TestCase("", HttpStatusCode.Unauthorized)]
    public async Task Who_has_signed_in_is_taken_to_the_routes_of_operators(string provider, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/signed-in/status", UriKind.Relative));
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-NAME", "ada@contoso.example");
        request.Headers.Add("X-MS-CLIENT-PRINCIPAL-IDP", provider);

        using var response = await App.Host.SendAsync("SignedIn", request);

        Assert.That(response.StatusCode, Is.EqualTo(status), await response.Content.ReadAsStringAsync());
    }

    [Test]
    public async Task A_route_value_reaches_its_parameter()
    {
        await App.AcceptAsync("ProvisioningFailed", "worker route value");

        var found = await App.EventAsync("worker route value");

        Assert.That(found.GetProperty("idempotencyKey").GetString(), Is.EqualTo("worker route value"));
    }

    [Test]
    public async Task An_event_with_the_longest_key_is_found_by_it()
    {
        var key = "worker".PadRight(1024, '\u6f22');
        await App.AcceptAsync("ProvisioningFailed", key);

        Assert.That((await App.EventAsync(key)).GetProperty("idempotencyKey").GetString(), Is.EqualTo(key));
    }
}

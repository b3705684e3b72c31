using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using PointWebhooks.Events;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Simulator;

/// <summary>The switches of a running simulator, pressed over HTTP.</summary>
internal sealed class SimulatorControlsTests
{
    private SimulatedPoint point = null!;
    private WebApplication server = null!;
    private HttpClient http = null!;

    [SetUp]
    public async Task StartAsync()
    {
        point = new SimulatedPoint();
        server = await PointServer.StartAsync(point, 0, CancellationToken.None);
        http = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
    }

    [TearDown]
    public async Task StopAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
    }

    [TestCase("ProvisioningStarted")]
    [TestCase("*")]
    public async Task An_event_of_a_type_that_is_registered_is_sent_signed_and_its_answer_is_told(string registered)
    {
        await using var receiver = (await Receiver.StartAsync()).Answer(202, "kept");
        point.Register(receiver.Url, "ProvisioningFailed", registered);

        var answers = await SendAsync("ProvisioningStarted");

        Assert.That(answers, Is.EqualTo(new[] { "202 kept" }));
        var sent = receiver.Requests.Single();
        Assert.That(EventEnvelope.Parse(sent.Body).Type, Is.EqualTo("ProvisioningStarted"));
        Assert.That(sent.Headers["Signature"], Is.EqualTo(WebhookSender.Sign(sent.Body, point.SignatureKey)));
    }

    [Test]
    public async Task An_event_of_a_type_that_nobody_is_registered_for_is_not_sent()
    {
        await using var receiver = await Receiver.StartAsync();
        point.Register(receiver.Url, "ProvisioningStarted");

        Assert.That((await SendAsync("ProvisioningCompleted"), receiver.Requests.Count), Is.EqualTo((Array.Empty<string>(), 0)));
    }

    [Test]
    public async Task Down_takes_the_API_away_and_up_gives_it_back()
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", point.Token);

        var (down, up) = (await PressAsync("down"), await PressAsync("up"));

        Assert.That((down, up), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)));
    }

    // Says what the API answers then.
    private async Task<HttpStatusCode> PressAsync(string control)
    {
        using var pressed = await http.PostAsync($"/simulator/{control}", null);
        Assert.That(pressed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var answer = await http.GetAsync("/v1.0/options");
        return answer.StatusCode;
    }

    private async Task<string[]> SendAsync(string type)
    {
        using var answer = await http.PostAsync($"/simulator/send/{type}", null);
        return (await answer.Content.ReadFromJsonAsync<string[]>())!;
    }
}

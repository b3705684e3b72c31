using System.Net;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>A page that a developer happens to have open reaches neither the functions nor the simulator.</summary>
internal sealed class BrowserTests
{
    private TestApp app = null!;
    private Microsoft.AspNetCore.Builder.WebApplication simulator = null!;
    private readonly SimulatedPoint point = new();

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        simulator = await PointServer.StartAsync(point, 0, CancellationToken.None);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await app.DisposeAsync();
        await simulator.DisposeAsync();
    }

    [TestCase("evil.example", HttpStatusCode.BadRequest)]
    [TestCase("127.0.0.1.evil.example", HttpStatusCode.BadRequest)]
    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("localhost:7071", HttpStatusCode.OK)]
    [TestCase("[::1]:7071", HttpStatusCode.OK)]
    public async Task What_asks_for_a_key_in_Azure_and_the_simulator_answer_only_to_the_names_of_this_machine(
        string host, HttpStatusCode expected)
    {
        var events = await GetAsync(new Uri(app.Http.BaseAddress!, "/api/events"), host, app.Http);
        var options = await GetAsync(new Uri(simulator.Urls.Single() + "/v1.0/options"), host, app.Http);

        Assert.That(events, Is.EqualTo(expected));
        Assert.That(options, Is.EqualTo(expected == HttpStatusCode.OK ? HttpStatusCode.Unauthorized : expected));
    }

    [Test]
    public async Task What_anybody_may_call_answers_to_any_name_as_behind_a_tunnel()
    {
        var url = new Uri(app.Http.BaseAddress!, "/api/health");

        Assert.That(await GetAsync(url, "tunnel.example", app.Http), Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("Sec-Fetch-Site", "cross-site")]
    [TestCase("Sec-Fetch-Site", "same-site")]
    [TestCase("Origin", "http://evil.example")]
    [TestCase("Origin", "null")]
    [TestCase("Origin", "http://127.0.0.1:1")]
    public async Task A_page_of_another_site_cannot_press_the_simulators_switches(string header, string value)
    {
        var key = point.SignatureKey;

        var statuses = new List<HttpStatusCode>();
        foreach (var control in new[] { "rotate-key", "down", "send/ProvisioningStarted" })
            statuses.Add(await PressAsync(control, header, value));

        Assert.That(statuses, Is.All.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((point.SignatureKey, point.IsDown), Is.EqualTo((key, false)));
    }

    [TestCase("User-Agent", "curl")]
    [TestCase("Sec-Fetch-Site", "same-origin")]
    [TestCase("Sec-Fetch-Site", "none")]
    public async Task A_program_and_an_own_page_can(string header, string value)
    {
        var key = point.SignatureKey;

        var status = await PressAsync("rotate-key", header, value);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(point.SignatureKey, Is.Not.EqualTo(key));
    }

    private static async Task<HttpStatusCode> GetAsync(Uri url, string host, HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Host = host } };
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> PressAsync(string control, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{simulator.Urls.Single()}/simulator/{control}");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await app.Http.SendAsync(request);
        return answer.StatusCode;
    }
}

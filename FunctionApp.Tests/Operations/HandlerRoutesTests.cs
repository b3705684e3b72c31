using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Pausing and resuming over HTTP: what a program and a form get, and what another site gets.</summary>
internal sealed class HandlerRoutesTests
{
    private const string Handler = nameof(RecordingHandler);

    private TestApp app = null!;
    private HttpClient http = null!;

    [SetUp]
    public async Task StartAsync()
    {
        app = await TestApp.StartAsync(
            isProcessing: false, isTiming: false, settings: new() { ["WEBSITE_AUTH_ENABLED"] = "true" });
        http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = app.Http.BaseAddress, Timeout = Patience.OfClients };
    }

    [TearDown]
    public async Task StopAsync()
    {
        http?.Dispose();
        await (app?.DisposeAsync() ?? default);
    }

    [Test]
    public async Task A_program_gets_json_and_the_status_has_it()
    {
        var paused = await ReadAsync(await PostAsync($"{Handler}/pause", ("X-MS-CLIENT-PRINCIPAL-NAME", "ada@contoso.example")));
        Assert.That((paused.GetProperty("isPaused").GetBoolean(), paused.GetProperty("by").GetString()), Is.EqualTo((true, "ada@contoso.example")));
        var listed = await InStatusAsync();
        Assert.That(listed.GetProperty("since").GetDateTimeOffset(), Is.EqualTo(paused.GetProperty("since").GetDateTimeOffset()));
        Assert.That(listed.GetProperty("waiting").GetInt32(), Is.Zero);

        var resumed = await ReadAsync(await PostAsync($"{Handler}/resume"));
        Assert.That((resumed.GetProperty("isPaused").GetBoolean(), resumed.TryGetProperty("since", out _)), Is.EqualTo((false, false)));
        Assert.That((await InStatusAsync()).GetProperty("isPaused").GetBoolean(), Is.False);
    }

    [Test]
    public async Task A_form_comes_back_to_the_status_page_which_says_so()
    {
        using var paused = await PostAsync($"{Handler}/pause?code=abc", ("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin"));
        Assert.That((paused.StatusCode, paused.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.SeeOther, "../../status?replay=Paused&code=abc")));
        using var unknown = await PostAsync("nobody/resume?code=abc", ("Accept", "text/html"));
        Assert.That(unknown.Headers.Location?.ToString(), Is.EqualTo("../../status?replay=NoSuchHandler&code=abc"));
    }

    [Test]
    public async Task An_unknown_name_is_answered_with_those_that_there_are()
    {
        using var answer = await PostAsync("jira-xy/pause");
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), Is.EqualTo($"There is LogEventHandler, {Handler}."));
    }

    [TestCase("pause", "Sec-Fetch-Site", "cross-site")]
    [TestCase("resume", "Sec-Fetch-Site", "same-site")]
    [TestCase("pause", "Origin", "https://evil.example")]
    public async Task Another_site_can_press_nothing(string action, string header, string value)
    {
        using var answer = await PostAsync($"{Handler}/{action}", (header, value));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await InStatusAsync()).GetProperty("isPaused").GetBoolean(), Is.False);
    }

    private async Task<JsonElement> InStatusAsync() =>
        (await app.JsonAsync("/api/status")).GetProperty("handlers").EnumerateArray()
            .Single(one => one.GetProperty("handler").GetString() == Handler);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string action, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/handlers/{action}");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request);
    }
}

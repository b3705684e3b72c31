using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Requests to an app with secrets planted in all parts of them.</summary>
internal sealed class PlantedRequests(HttpClient http, Canaries canaries)
{
    /// <summary>What stands for the secret in the name of a workspace.</summary>
    public const string WorkspaceName = "name";

    /// <summary>The body of an event, each text of which is a secret.</summary>
    public string Body(string type, string idempotencyKey, string? timeStamp = null)
    {
        string Text(string name) => canaries.New($"{name} of {type}");
        return JsonSerializer.Serialize(new
        {
            type,
            content = new Dictionary<string, string>
            {
                ["name"] = Text(WorkspaceName),
                ["type"] = "MicrosoftTeams",
                ["url"] = $"https://contoso.sharepoint.com/sites/{Text("url")}",
                ["microsoftId"] = Text("microsoftId"),
                ["requestedOn"] = Text("requestedOn"),
                ["requesterId"] = Text("requesterId"),
                ["error"] = Text("error"),
                ["correlationId "] = Text("correlationId"),
            },
            meta = new { timeStamp = timeStamp ?? DateTime.UtcNow.ToString("s", CultureInfo.InvariantCulture), idempotencyKey },
        });
    }

    /// <summary>Sends a body, signed with the key of the app's Syskit Point or another.</summary>
    public Task SendAsync(TestApp app, string body, HttpStatusCode expected, string? key = null)
    {
        var signature = WebhookSender.Sign(Encoding.UTF8.GetBytes(body), key ?? app.Point.SignatureKey);
        canaries.Plant($"signature {canaries.Count}", signature);
        return PostAsync(app, body, expected, ("Signature", signature), ("Algorithm", "HMACSHA256"));
    }

    /// <summary>Sends what is refused, for every reason.</summary>
    public async Task RefuseInEveryWayAsync(TestApp app)
    {
        var body = Body("ProvisioningStarted", "refused");
        var signature = canaries.Plant("a good signature", WebhookSender.Sign(Encoding.UTF8.GetBytes(body), app.Point.SignatureKey));
        await PostAsync(app, body, HttpStatusCode.Unauthorized);
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", canaries.New("malformed signature")));
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", signature), ("Signature", signature));
        await PostAsync(app, body, HttpStatusCode.Unauthorized, ("Signature", signature), ("Algorithm", canaries.New("algorithm")));
        await SendAsync(app, body, HttpStatusCode.Unauthorized, canaries.New("wrong key"));
        await SendAsync(app, Body("ProvisioningStarted", "old", "2020-01-01T00:00:00"), HttpStatusCode.Accepted);
        await SendAsync(app, Body("ProvisioningStarted", "large").PadRight(300 * 1024), HttpStatusCode.RequestEntityTooLarge);
    }

    /// <summary>
    /// Looks and replays as an operator does, with a function key in the url. Only the page is asked for without: it holds that key,
    /// as its buttons need it.
    /// </summary>
    public async Task OperateAsync(TestApp app)
    {
        var key = canaries.New("function key");
        foreach (var path in (string[])["status", "health", "events", "events?state=Dead", "events?state=zombie"])
            await AskAsync(HttpMethod.Get, path);
        foreach (var path in (string[])["dying/replay", "ProvisioningStarted/replay", "nobody/replay", "replay?state=dead", "replay"])
            await AskAsync(HttpMethod.Post, $"events/{path}");
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Http.BaseAddress!, "/api/status"));
        page.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var shown = await http.SendAsync(page);

        async Task AskAsync(HttpMethod method, string path)
        {
            var url = $"/api/{path}{(path.Contains('?') ? '&' : '?')}code={key}";
            using var request = new HttpRequestMessage(method, new Uri(app.Http.BaseAddress!, url));
            using var answer = await http.SendAsync(request);
        }
    }

    /// <summary>Looks at one event, whose body holds no secret.</summary>
    public async Task ShowAsync(TestApp app, string id)
    {
        using var answer = await http.GetAsync(new Uri(app.Http.BaseAddress!, $"/api/events/{id}"));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task PostAsync(TestApp app, string body, HttpStatusCode expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{app.Receiver}?code={canaries.New("query of a request")}");
        request.Content = new StringContent(body);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(expected), await response.Content.ReadAsStringAsync());
    }
}

using System.Security.Cryptography;
using System.Text;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Operations.Pages;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Docs.OpenApi;

/// <summary>Real answers of every route are as docs/openapi.json says, with storage and without.</summary>
internal sealed class OpenApiAnswerTests
{
    private const string CrossSite = "cross-site";
    private const string Erase = "erase";
    private const string GiveUp = "give-up";
    private const string Replay = "replay";

    private readonly List<string> faults = [];
    private readonly HashSet<(string Operation, int Status)> seen = [];

    [Test]
    public async Task Every_JSON_answer_is_as_documented()
    {
        await WithStorageAsync();
        await WithoutStorageAsync();

        Assert.That(faults, Is.Empty);
        // A body that ends early takes a connection of its own: BoundedBodyTests.
        (string, int)[] elsewhere = [("ReceiveWebhook", 400)];
        Assert.That(
            from operation in OpenApiFile.Operations
            from status in operation.JsonStatuses
            select (operation.Id, status),
            Is.SubsetOf(seen.Concat(elsewhere)));
    }

    private async Task WithStorageAsync()
    {
        await using var app = await TestApp.StartAsync(
            settings: new()
            {
                ["Operations:ApplicationInsightsId"] =
                    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/microsoft.insights/components/appi",
            },
            isProcessing: false,
            isTiming: false);
        await app.RunTimerAsync("RegisterEndpoint");
        var dead = await SampleLedger.KeepAsync(app, "dead", EventState.Dead);
        var open = await SampleLedger.KeepAsync(app, "open", EventState.Received);
        var completed = await SampleLedger.KeepAsync(app, "completed", EventState.Completed);
        var twice = await SampleLedger.KeepAsync(app, "twice", EventState.Dead, type: "ProvisioningFailed");
        await SampleLedger.KeepAsync(app, "twice", EventState.Retrying, type: "ProvisioningStarted");

        await ReceiveAsync(app, 202);
        await ReceiveAsync(app, 200);
        await ReceiveAsync(app, 401, isSigned: false);
        await ReceiveAsync(app, 413, new byte[300 * 1024]);
        await SendAsync(app, "Health", 200, "health");
        await SendAsync(app, "Status", 200, "status");
        await SendAsync(app, "SelfCheck", 200, "self-check", "POST");
        await SendAsync(app, "SelfCheck", 403, "self-check", "POST", CrossSite);
        await SendAsync(app, "ListEvents", 200, "events");
        await SendAsync(app, "ListEvents", 200, "events?state=Dead&take=1");
        await SendAsync(app, "ListEvents", 400, "events?state=zombie");
        await SendAsync(app, "ListEventsAsCsv", 200, "events.csv");
        await SendAsync(app, "ListEventsAsCsv", 400, "events.csv?state=zombie");
        foreach (var id in new[] { dead, open, completed })
            await SendAsync(app, "GetEvent", 200, $"events/{id}");
        await SendAsync(app, "GetEvent", 404, "events/nothing");
        await SendAsync(app, "GetEvent", 409, "events/twice");
        await SendAsync(app, "ReplayEvent", 400, $"events/{dead}/replay?handler=nobody", "POST");
        await SendAsync(app, "ReplayEvent", 202, $"events/{dead}/replay", "POST");
        await SendAsync(app, "GiveUpEvent", 200, $"events/{dead}/give-up", "POST");
        await SendAsync(app, "EraseEvent", 200, $"events/{dead}", "DELETE");
        await SendAsync(app, "EraseEventByForm", 200, $"events/{completed}/erase", "POST");
        await SendAsync(app, "GetEvent", 200, $"events/{completed}");
        foreach (var (operation, path, method) in Changes)
        {
            await SendAsync(app, operation, 403, string.Format(path, twice), method, CrossSite);
            await SendAsync(app, operation, 404, string.Format(path, "nothing"), method);
            await SendAsync(app, operation, 409, string.Format(path, "twice"), method);
        }

        var cause = $"causes/{ErrorCause.IdOf("jira: 401 Unauthorized")}/acknowledge";
        await SendAsync(app, "AcknowledgeCause", 200, cause, "POST");
        await SendAsync(app, "AcknowledgeCause", 400, "causes/nothing/acknowledge", "POST");
        await SendAsync(app, "AcknowledgeCause", 403, cause, "POST", CrossSite);
        foreach (var (operation, change) in HandlerChanges)
        {
            await SendAsync(app, operation, 200, $"handlers/{nameof(LogEventHandler)}/{change}", "POST");
            await SendAsync(app, operation, 403, $"handlers/{nameof(LogEventHandler)}/{change}", "POST", CrossSite);
            await SendAsync(app, operation, 404, $"handlers/nobody/{change}", "POST");
            await SendAsync(app, "Status", 200, "status");
        }

        await SendAsync(app, "ListEvents", 200, "events?state=Dead");
        await SendAsync(app, "ReplayEvents", 400, "events/replay?state=Retrying", "POST");
        await SendAsync(app, "ReplayEvents", 403, "events/replay?state=dead", "POST", CrossSite);
        await SendAsync(app, "ReplayEvents", 200, "events/replay?state=dead&take=1", "POST");
        await SendAsync(app, "ReplayEvents", 200, "events/replay?state=dead&all=true", "POST");
        await SendAsync(app, "ListEvents", 200, "events");
        await SendAsync(app, "Status", 200, "status");
    }

    private async Task WithoutStorageAsync()
    {
        await using var app = await TestApp.StartWithoutStorageAsync();

        await ReceiveAsync(app, 503);
        await SendAsync(app, "Health", 503, "health");
        await SendAsync(app, "Status", 200, "status");
        await SendAsync(app, "ListEvents", 503, "events");
        await SendAsync(app, "ListEventsAsCsv", 503, "events.csv");
        await SendAsync(app, "GetEvent", 503, "events/key");
        foreach (var (operation, path, method) in Changes)
            await SendAsync(app, operation, 503, string.Format(path, "key"), method);
        await SendAsync(app, "AcknowledgeCause", 503, "causes/0123456789ab/acknowledge", "POST");
        await SendAsync(app, "ReplayEvents", 503, "events/replay?state=dead", "POST");
        foreach (var (operation, change) in HandlerChanges)
            await SendAsync(app, operation, 503, $"handlers/{nameof(LogEventHandler)}/{change}", "POST");
    }

    private static IEnumerable<(string Operation, string Change)> HandlerChanges => [("PauseHandler", "pause"), ("ResumeHandler", "resume")];

    private static IEnumerable<(string Operation, string Path, string Method)> Changes =>
    [
        ("EraseEvent", "events/{0}", "DELETE"),
        ("EraseEventByForm", $"events/{{0}}/{Erase}", "POST"),
        ("GiveUpEvent", $"events/{{0}}/{GiveUp}", "POST"),
        ("ReplayEvent", $"events/{{0}}/{Replay}", "POST"),
    ];

    private async Task ReceiveAsync(TestApp app, int status, byte[]? body = null, bool isSigned = true)
    {
        body ??= SampleEvents.Body("ProvisioningCompleted", "received");
        using var content = new ByteArrayContent(body);
        if (isSigned)
            content.Headers.Add("Signature", Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(app.Point.SignatureKey), body)));
        using var answer = await app.Http.PostAsync(app.Receiver, content);
        await NoteAsync("ReceiveWebhook", status, answer);
    }

    private async Task SendAsync(TestApp app, string operation, int status, string path, string method = "GET", string? site = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/" + path);
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await app.Http.SendAsync(request);
        await NoteAsync(operation, status, answer);
    }

    private async Task NoteAsync(string operation, int expected, HttpResponseMessage answer)
    {
        var (status, body) = ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        if (status != expected)
            faults.Add($"{operation} answered {status} instead of {expected}: {body}");
        seen.Add((operation, status));
        faults.AddRange(OpenApiFile.Faults(operation, status, answer.Content.Headers.ContentType?.MediaType, body));
    }
}

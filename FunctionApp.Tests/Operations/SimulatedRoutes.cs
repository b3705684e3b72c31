using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Functions;
using PointWebhooks.Ledger;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>What a route answered.</summary>
internal sealed record RouteAnswer(int Status, string Body, IHeaderDictionary Headers);

/// <summary>Operators' routes on a simulated storage account, at a time that is the same in every run, with one event of each kind.</summary>
internal sealed partial class SimulatedRoutes : IDisposable
{
    /// <summary>A trace that each event came with.</summary>
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly SimulatedAccount account = new();

    public SimulatedRoutes()
    {
        App = new SimulatedApp(account, settings:
        [
            ("Operations:ApplicationInsightsId", "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/hooks/providers/microsoft.insights/components/appi"),
        ]);
        Keep("received", """{"type":"ProvisioningStarted","content":{"name":"Project <Phoenix>","type":"MicrosoftTeams","requestedOn":"2026-05-01T10:00:00","requesterId":"ada@contoso.example"},"meta":{"timeStamp":"2026-05-01T11:59:00","idempotencyKey":"received"}}""");
        Keep("completed", """{"type":"ProvisioningCompleted","content":{"name":"Grüne Wiese","type":"Other","url":"https://contoso.sharepoint.com/sites/wiese","microsoftId":"m-1"},"meta":{"idempotencyKey":"completed"}}""");
        End("completed", "ProvisioningCompleted", async lease =>
        {
            await lease.RecordDoneAsync("jira-it", "Opened ITSM-12", new Uri("https://contoso.atlassian.net/browse/ITSM-12"), TimeSpan.FromMilliseconds(840));
            await lease.CompleteAsync();
        });
        foreach (var key in new[] { "dead", "dead too" })
        {
            Keep(key, $$$"""{"type":"ProvisioningFailed","content":{"name":"Phoenix","error":"The alias is in use.","correlationId":"c-1"},"meta":{"idempotencyKey":"{{{key}}}"}}""");
            End(key, "ProvisioningFailed", async lease =>
            {
                await lease.RecordGivenUpAsync("servicenow-it", "answered 403 (Forbidden) to request 1234567", TimeSpan.FromSeconds(1.25));
                await lease.DieAsync("servicenow-it: answered 403 (Forbidden) to request 1234567");
            });
        }

        Keep("retrying", """{"type":"ProvisioningFailed","content":{"url":"javascript:alert(1)"},"meta":{"idempotencyKey":"retrying"}}""");
        End("retrying", "ProvisioningFailed", lease => lease.RetryAsync("teams-it: did not answer in time", TimeSpan.FromMinutes(10)));
        Keep("large", $$$"""{"type":"SomethingNew","content":{"text":"{{{new string('x', 25 * 1024)}}}"},"meta":{"idempotencyKey":"large"}}""");
        Keep("web", """{"type":"ProvisioningCompleted","content":{"url":"javascript:alert(1)"},"meta":{"idempotencyKey":"web"}}""");
        Keep("broken", """{"type":"ProvisioningStarted","content":{"name":"half of \ud83d"},"meta":{"idempotencyKey":"broken"}}""");
        Keep("twice", """{"type":"ProvisioningStarted","meta":{"idempotencyKey":"twice"}}""");
        Keep("twice", """{"type":"ProvisioningFailed","meta":{"idempotencyKey":"twice"}}""");
        Keep("forgotten", """{"type":"ProvisioningStarted","meta":{"idempotencyKey":"forgotten"}}""");
        End("forgotten", "ProvisioningStarted", lease => lease.CompleteAsync());
        var finished = App.Find("forgotten")!;
        App.Run(() => App.Ledger.ForgetAsync(finished));
        Keep("unreadable", """{"type":"ProvisioningStarted","meta":{"idempotencyKey":"unreadable"}}""");
        account.Edit(Id("unreadable").Row, row => row["State"] = "Zombie");
        account.Advance(TimeSpan.FromMinutes(3));
    }

    public SimulatedApp App { get; }

    /// <summary>Asks a route.</summary>
    /// <param name="path">The path behind <c>/api/</c>, with its query.</param>
    /// <param name="accept">What is asked for: <c>text/html</c>, or JSON.</param>
    public RouteAnswer Get(string path, string accept)
    {
        var parts = path.Split('?', 2);
        var context = new DefaultHttpContext { RequestServices = App.Get<IServiceProvider>() };
        context.Request.Method = HttpMethods.Get;
        context.Request.Path = $"/api/{parts[0]}";
        context.Request.QueryString = parts.Length > 1 ? new QueryString($"?{parts[1]}") : QueryString.Empty;
        context.Request.Headers.Accept = accept;
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = $"/api/{path}";
        using var body = new MemoryStream();
        context.Response.Body = body;
        App.Run(async () =>
        {
            await using var scope = App.Get<IServiceScopeFactory>().CreateAsyncScope();
            await (await AskAsync(scope.ServiceProvider, parts[0], context.Request)).ExecuteAsync(context);
        });
        return new RouteAnswer(context.Response.StatusCode, Readable(Encoding.UTF8.GetString(body.ToArray())), context.Response.Headers);
    }

    /// <summary>Keeps more events that are dead.</summary>
    public void Die(int count)
    {
        var kept = account.Index.Count;
        account.KeepDead(Enumerable.Range(0, count).Select(i => $"died-{kept}-{i}"), "died", "ProvisioningFailed");
    }

    public void Dispose() => App.Dispose();

    private static Task<IResult> AskAsync(IServiceProvider services, string path, HttpRequest request)
    {
        var events = services.GetRequiredService<EventRoutes>();
        return path.Split('/') switch
        {
            ["status"] => services.GetRequiredService<StatusRoutes>().StatusAsync(request, CancellationToken.None),
            ["events"] => events.ListAsync(request, CancellationToken.None),
            ["events.csv"] => events.CsvAsync(request, CancellationToken.None),
            ["events", var id] => events.GetAsync(request, Uri.UnescapeDataString(id), CancellationToken.None),
            _ => throw new ArgumentException($"No route leads to {path}.", nameof(path)),
        };
    }

    // Without the style, which is for the eye, without what differs between machines and builds, and with long text counted.
    private static string Readable(string text)
    {
        text = Repeated().Replace(Style().Replace(text, ""), run => $"({run.Length} times x)");
        var shortVersion = AppInstance.NameAndVersion[(AppInstance.Name.Length + 1)..];
        foreach (var (own, approved) in new[]
        {
            (AppInstance.NameAndVersion, "instance 1.0.0"),
            (HtmlEncoder.Default.Encode(AppInstance.NameAndVersion), "instance 1.0.0"),
            (AppInstance.Version, "1.0.0"),
            ($"Version {shortVersion},", "Version 1.0.0,"),
            ($"\"name\": \"{AppInstance.Name}\"", "\"name\": \"instance\""),
            ($"<bdi>{AppInstance.Name}</bdi>", "<bdi>instance</bdi>"),
        })
        {
            text = text.Replace(own, approved, StringComparison.Ordinal);
        }

        return text;
    }

    private static EventId Id(string key, string type = "ProvisioningStarted") => EventId.Of(type, key);

    private void Keep(string key, string body)
    {
        var type = Regex.Match(body, "(?<=\"type\":\")\\w+").Value;
        var name = Regex.Match(body, "(?<=\"name\":\")[^\"]+");
        var received = EventLedger.New(type, key, account.Now, account.Now) with
        {
            WorkspaceName = name.Success ? name.Value : null,
            TraceParent = $"00-{Trace}-00f067aa0ba902b7-01",
        };
        App.Run(() => App.Ledger.InsertAsync(received, Encoding.UTF8.GetBytes(body)));
        account.Advance(TimeSpan.FromMinutes(1));
    }

    private void End(string key, string type, Func<EventLease, Task> end)
    {
        var lease = App.Run(() => App.Ledger.ClaimAsync(Id(key, type), null, withBody: false, CancellationToken.None)).Lease!;
        account.Advance(TimeSpan.FromSeconds(2));
        App.Run(() => end(lease));
        account.Advance(TimeSpan.FromMinutes(1));
    }

    [GeneratedRegex("x{100,}")]
    private static partial Regex Repeated();

    [GeneratedRegex("<style.*?</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}

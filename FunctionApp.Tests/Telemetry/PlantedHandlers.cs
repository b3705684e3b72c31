using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Simulator.Downstream.ServiceNow;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>
/// Handlers with a secret in every setting that may hold one, and systems that repeat what they were sent in whatever they answer.
/// </summary>
internal sealed class PlantedHandlers(Canaries canaries) : IAsyncDisposable
{
    private readonly List<WebApplication> servers = [];

    /// <summary>What goes wrong with the calls.</summary>
    public Func<string, DownstreamRequest, DownstreamFault?> Fault { get; set; } = (_, _) => null;

    /// <summary>The ways in which calls go wrong: what is answered, and to which.</summary>
    public IEnumerable<Func<string, DownstreamRequest, DownstreamFault?>> Faults()
    {
        static bool IsRead(DownstreamRequest request) => request.Method == "GET";
        var malformed = $$"""{"result":{{canaries.NewLiterals("malformed answer of a system")[0]}},"issues":$}""";
        var token = $$"""{"access_token":{{canaries.NewLiterals("malformed token of a system")[1]}},"expires_in":3600}""";
        yield return (step, request) => IsRead(request) ? Echo(500, request) : null;
        yield return (step, request) => IsRead(request) || step == "token" ? null : Echo(500, request);
        yield return (step, request) => step == "token" ? null : Echo(401, request);
        yield return (step, request) => IsRead(request) ? DownstreamFault.Refused(200, malformed) : null;
        yield return (step, request) => IsRead(request) || step == "token" ? null : DownstreamFault.AnsweredWrongly(201, malformed);
        yield return (step, request) => IsRead(request) || step == "token" ? null : DownstreamFault.LostCall;
        yield return (step, request) => step == "token" ? Echo(400, request) : null;
        yield return (step, request) => step == "token" ? DownstreamFault.Refused(200, token) : Echo(403, request);
        yield return (step, request) => step == "token" ? null : Echo(400, request);
    }

    /// <summary>Starts the systems.</summary>
    /// <returns>The settings of the handlers.</returns>
    public async Task<Dictionary<string, string?>> StartAsync()
    {
        var (basic, pat) = (Cloud(), new SimulatedJira(JiraEdition.DataCenter, TimeProvider.System));
        (basic.Access.Token, pat.Access.Token) = (canaries.New("API token"), canaries.New("personal access token"));
        var account = Cloud();
        account.Access.Bearer = canaries.New("access token of Jira");
        var (user, oauth) = (new SimulatedServiceNow(), new SimulatedServiceNow());
        user.Access.Password = canaries.New("password of ServiceNow");
        oauth.Access.Bearer = canaries.New("access token of ServiceNow");
        var (path, gateway) = (canaries.New(SecretStory.PathSecret), $"{JiraAccess.Gateway}{account.Access.CloudId}");
        var accountUrl = await ServeAsync(account, account.Access.Bearer);
        return new Dictionary<string, string?>(
        [
            .. Jira("Basic", await ServeAsync(basic), ("Edition", "Cloud"), ("User", basic.Access.User), ("Token", basic.Access.Token)),
            .. Jira("Pat", await ServeAsync(pat), ("Edition", "DataCenter"), ("Token", pat.Access.Token)),
            .. Jira(
                "Account",
                accountUrl,
                ("Edition", "Cloud"),
                ("ApiUrl", accountUrl + gateway),
                ("TokenUrl", $"{accountUrl}/oauth/token"),
                ("ClientId", "service-account"),
                ("ClientSecret", canaries.New("client secret of Jira"))),
            .. Section("ServiceNow", "User", await ServeAsync(user), ("User", user.Access.User), ("Password", user.Access.Password)),
            .. Section(
                "ServiceNow",
                "OAuth",
                await ServeAsync(oauth, oauth.Access.Bearer),
                ("ClientId", ServiceNowAccess.ClientId),
                ("ClientSecret", canaries.New("client secret of ServiceNow"))),
            new(
                "Handlers:Teams:Team:WebhookUrl",
                $"{await ServeAsync(new SimulatedReceiver("teams"))}/{path}?sig={canaries.New("query of a workflow")}"),
            .. Section(
                "Http",
                "Others",
                $"{await ServeAsync(new SimulatedReceiver("receiver"))}/{path}?key={canaries.New("query of a receiver")}",
                ("Secret", SigningSecret("signing secret")),
                ("PreviousSecret", SigningSecret("signing secret before")),
                ("Authorization", $"Bearer {canaries.New("authorization of a receiver")}"),
                ("Headers:X-Api-Key", canaries.New("header of a receiver"))),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private static SimulatedJira Cloud() => new(JiraEdition.Cloud, TimeProvider.System);

    // All of it, and what is most secret first: what is quoted is cut.
    private static DownstreamFault Echo(int status, DownstreamRequest request)
    {
        var said = $"{request.Header("Authorization")} {request.Body} {request.Path}{request.Query} {string.Join(' ', request.Headers)}";
        return DownstreamFault.Refused(
            status,
            JsonSerializer.Serialize(new { errorMessages = new[] { said }, error = new { message = said, detail = said, code = "Odd" } }));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Section(
        string kind, string name, string url, params IEnumerable<(string Name, string Value)> settings) =>
        settings.Append((Name: "Url", Value: url))
            .Select(setting => KeyValuePair.Create($"Handlers:{kind}:{name}:{setting.Name}", (string?)setting.Value));

    private static IEnumerable<KeyValuePair<string, string?>> Jira(
        string name, string url, params IEnumerable<(string Name, string Value)> settings) =>
        Section("Jira", name, url, [.. settings, ("Create:Project", "TASK"), ("Create:IssueType", "Task"), ("SearchLagSeconds", "0")]);

    private string SigningSecret(string what) => $"whsec_{Convert.ToBase64String(Encoding.UTF8.GetBytes(canaries.New(what)))}";

    private async Task<string> ServeAsync(IDownstream system, string? token = null)
    {
        var granted = DownstreamFault.Refused(200, $$"""{"access_token":"{{token}}","expires_in":3600}""");
        var calls = new DownstreamCalls(system) { Fault = (step, request) => Fault(step, request) ?? (step == "token" ? granted : null) };
        var server = await DownstreamServer.StartAsync(calls, 0, CancellationToken.None);
        servers.Add(server);
        return server.Urls.Single();
    }
}

using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using PointWebhooks.Handlers.Jira;
using PointWebhooks.Handlers.ServiceNow;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Simulator.Downstream.ServiceNow;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// The systems that the configured handlers call, over HTTP, with a point before and after each call, such as <c>jira.create.after</c>.
/// Each site has two events, <c>failed-7</c> and <c>completed-7</c>, and a ticket that asked for it.
/// </summary>
internal sealed class HandlerSystems : IAsyncDisposable
{
    private static readonly TimeSpan SearchLag = TimeSpan.FromSeconds(0.3);

    private readonly List<WebApplication> servers = [];

    private HandlerSystems(int sites)
    {
        for (var site = 0; site < sites; site++)
            Jira.Add("ITSM", $"Site {site}");
    }

    public SimulatedJira Jira { get; } = new(JiraEdition.Cloud, TimeProvider.System) { SearchLag = SearchLag };

    public SimulatedServiceNow ServiceNow { get; } = new();

    public SimulatedReceiver Teams { get; } = new("teams");

    public SimulatedReceiver Http { get; } = new("receiver");

    /// <summary>Starts them.</summary>
    /// <param name="sites">How many sites there will be.</param>
    public static async Task<HandlerSystems> StartAsync(StepPoints points, int sites)
    {
        var systems = new HandlerSystems(sites);
        foreach (var one in new IDownstream[] { systems.Jira, systems.ServiceNow, systems.Teams, systems.Http })
        {
            systems.servers.Add(await DownstreamServer.StartAsync(
                new DownstreamCalls(one), 0, CancellationToken.None, points.BeforeAsync, points.AfterAsync));
        }

        return systems;
    }

    /// <summary>The settings of the handlers, as environment variables.</summary>
    /// <param name="clockFactor">How many times as fast as the real one the app's clock goes.</param>
    public IReadOnlyDictionary<string, string> Settings(int clockFactor) => new Dictionary<string, string>
    {
        ["Handlers__Jira__IT__Url"] = servers[0].Urls.Single(),
        ["Handlers__Jira__IT__Edition"] = "Cloud",
        ["Handlers__Jira__IT__User"] = Jira.Access.User,
        ["Handlers__Jira__IT__Token"] = Jira.Access.Token,
        ["Handlers__Jira__IT__SearchLagSeconds"] = clockFactor.ToString(CultureInfo.InvariantCulture),
        ["Handlers__Jira__IT__Update__Fields__customfield_10010"] = "{{ name }}",
        ["Handlers__Jira__IT__Update__Transition"] = "Done",
        ["Handlers__Jira__IT__Create__Project"] = "TASK",
        ["Handlers__Jira__IT__Create__IssueType"] = "Task",
        ["Handlers__ServiceNow__Desk__Url"] = servers[1].Urls.Single(),
        ["Handlers__ServiceNow__Desk__User"] = ServiceNow.Access.User,
        ["Handlers__ServiceNow__Desk__Password"] = ServiceNow.Access.Password,
        ["Handlers__Teams__Team__WebhookUrl"] = servers[2].Urls.Single(),
        ["Handlers__Teams__Team__Facts__Event"] = "{{ eventId }}",
        ["Handlers__Http__Others__Url"] = servers[3].Urls.Single(),
        ["Handlers__Http__Others__Secret"] = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    };

    /// <summary>The body of an event.</summary>
    public static byte[] Body(string idempotencyKey)
    {
        var (type, site) = Parts(idempotencyKey);
        var rest = type == "ProvisioningCompleted"
            ? $"""
              "url":"https://contoso.sharepoint.com/sites/{Ticket(site)}"
              """
            : """
              "error":"The alias is already in use."
              """;
        return Encoding.UTF8.GetBytes(
            $$$"""
            {"type":"{{{type}}}","content":{"name":"Site {{{site}}}","type":"MicrosoftTeams",{{{rest}}}},
             "meta":{"timeStamp":"2026-05-01T12:00:00","idempotencyKey":"{{{idempotencyKey}}}"}}
            """);
    }

    /// <summary>How many cards and messages came more than once, of all.</summary>
    public string Repetitions(IEnumerable<string> keys)
    {
        var events = keys.Count();
        return $"{Teams.Received.Count} cards of {events} events, {Http.Received.Count} messages of {events} ids";
    }

    /// <summary>
    /// Checks what events have left: one ticket and one incident, one comment and one transition; of cards and messages at least one, and
    /// never a message under another id.
    /// </summary>
    public void AssertOnce(IReadOnlyCollection<string> keys)
    {
        var issues = Jira.Issues;
        var commented = issues.SelectMany(issue => issue.Comments.Select(comment => $"{issue.Key} {MarkedId(comment.Text)}"));
        var completed = keys.Where(key => key.StartsWith("completed", StringComparison.Ordinal)).ToList();
        var failed = keys.Except(completed).ToList();
        var cards = Teams.Received;
        Assert.Multiple(() =>
        {
            Assert.That(commented, Is.EquivalentTo(completed.Select(key => $"{Ticket(Parts(key).Site)} {Id(key)}")), "one comment each");
            Assert.That(
                issues.Where(issue => issue.Project.Key == "ITSM").Select(issue => string.Join(' ', issue.History)),
                Has.Exactly(completed.Count).EqualTo("Resolve this issue"), "one transition each");
            Assert.That(
                issues.Where(issue => issue.Project.Key == "TASK").SelectMany(issue => issue.Labels),
                Is.EquivalentTo(failed.Select(key => new JiraMark(Id(key), "jira-it").Label)), "one ticket each");
            Assert.That(
                ServiceNow.Incidents.Select(incident => incident["sys_id"]),
                Is.EquivalentTo(failed.Select(key => RecordId.Of(Id(key), "incident", "servicenow-desk"))), "one incident each");
            Assert.That(
                ServiceNow.Journal.Select(entry => MarkedId(entry.Text)),
                Is.Unique.And.SubsetOf(completed.Select(Id)), "one note each at most");
            Assert.That(
                Http.Received.Select(request => request.Header("webhook-id")).Distinct(), Is.EquivalentTo(keys.Select(Id)), "one id each");
            Assert.That(
                keys.Where(key => !cards.Any(card => card.Body.Contains(Id(key), StringComparison.Ordinal))), Is.Empty, "a card each");
        });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private static string Ticket(int site) => $"ITSM-{site + 1}";

    // A note ends in the event's id and the handler's name.
    private static string MarkedId(string text) => text.Split(' ', '\n')[^2];

    private static string Id(string key) => EventId.Of(Parts(key).Type, key).Value;

    private static (string Type, int Site) Parts(string key)
    {
        var parts = key.Split('-');
        var type = parts[0] == "completed" ? "ProvisioningCompleted" : "ProvisioningFailed";
        return (type, int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}

using PointWebhooks.Handlers.ServiceNow;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Simulator.Downstream.ServiceNow;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>The systems that the configured handlers call, in virtual time, one for each handler.</summary>
internal sealed class CalledSystems
{
    private const string Nowhere = "http://127.0.0.1:9";

    private static readonly TimeSpan LongestOutage = TimeSpan.FromMinutes(4);

    private readonly World world;
    private readonly Dictionary<string, IDownstream> systems;
    private readonly HashSet<string> away = [];
    private readonly Dictionary<string, EventName> known = [];

    public CalledSystems(World world, TimeProvider time)
    {
        this.world = world;
        Jira = new SimulatedJira(JiraEdition.Cloud, time) { SearchLag = world.Plan.SearchLag };
        systems = new Dictionary<string, IDownstream>
        {
            ["jira-it"] = Jira,
            ["servicenow-desk"] = ServiceNow,
            ["teams-team"] = new SimulatedReceiver("teams"),
            ["http-others"] = Http,
        };
        foreach (var workspace in Enumerable.Range(0, Workspace.Most).Select(number => new Workspace(number)))
            Jira.Add("ITSM", workspace.Name, workspace.IsLabelled ? [workspace.Name.Replace(' ', '-')] : []);
    }

    /// <summary>The settings of the handlers.</summary>
    public static IReadOnlyList<(string Setting, string? Value)> Settings { get; } =
    [
        ("Handlers:Jira:IT:Url", Nowhere),
        ("Handlers:Jira:IT:Edition", "Cloud"),
        ("Handlers:Jira:IT:User", new JiraAccess().User),
        ("Handlers:Jira:IT:Token", new JiraAccess().Token),
        ("Handlers:Jira:IT:Jql", "project = ITSM AND labels = {{ name | replace: ' ', '-' }}"),
        ("Handlers:Jira:IT:Update:Fields:customfield_10010", "{{ type }}"),
        ("Handlers:Jira:IT:Update:Transition", "{% if type == 'ProvisioningCompleted' %}Done{% endif %}"),
        ("Handlers:Jira:IT:Create:Project", "TASK"),
        ("Handlers:Jira:IT:Create:IssueType", "Task"),
        ("Handlers:ServiceNow:Desk:Url", Nowhere),
        ("Handlers:ServiceNow:Desk:User", new ServiceNowAccess().User),
        ("Handlers:ServiceNow:Desk:Password", new ServiceNowAccess().Password),
        ("Handlers:Teams:Team:WebhookUrl", $"{Nowhere}/workflow"),
        ("Handlers:Teams:Team:Facts:Event", "{{ eventId }}"),
        ("Handlers:Http:Others:Url", $"{Nowhere}/events"),
        ("Handlers:Http:Others:Secret", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
    ];

    public SimulatedJira Jira { get; }

    public SimulatedServiceNow ServiceNow { get; } = new();

    public SimulatedReceiver Http { get; } = new("receiver");

    /// <summary>The events that may come to them.</summary>
    public IEnumerable<EventName> Known => known.Values.Distinct();

    /// <summary>How many calls there were, and how many of them met something that went wrong.</summary>
    public (int All, int Disturbed) Calls { get; set; }

    /// <summary>The system of a handler.</summary>
    public IDownstream this[string handler] => systems[handler];

    public bool IsAway(string handler) => away.Contains(handler);

    /// <summary>The <c>sys_id</c> of the incident that an event opens.</summary>
    public static string RecordIdOf(string eventId) => RecordId.Of(eventId, "incident", "servicenow-desk");

    /// <summary>Tells of an event that is sent to the app.</summary>
    public void Expect(EventName name)
    {
        var id = EventId.Of(name.Type, name.Key).Value;
        known[id] = known[RecordIdOf(id)] = name;
    }

    /// <summary>The event whose effect a call is to have; null of one that has none.</summary>
    public EventName? EventOf(DownstreamRequest request) => request.Method == "GET" ? null
        : known.FirstOrDefault(one => request.Body.Contains(one.Key, StringComparison.Ordinal)).Value
            ?? throw new InvalidOperationException($"A handler has sent what names no event: {request.Body}");

    /// <summary>The HTTP clients of an instance.</summary>
    /// <param name="others">Has all that are not of these handlers.</param>
    public IHttpClientFactory Clients(SimulatedInstance instance, IHttpClientFactory others) =>
        new ClientFactory(world, this, instance, others);

    /// <summary>Plans which of them are away in a time of trouble.</summary>
    public void Trouble(TimeSpan time)
    {
        foreach (var handler in systems.Keys.Where(_ => world.Plan.Happens(0.2)))
        {
            var begins = world.Plan.UpTo(time);
            world.Timeline.After(begins, owner: null, () => away.Add(handler));
            world.Timeline.After(begins + world.Plan.UpTo(LongestOutage), owner: null, () => away.Remove(handler));
        }
    }

    private sealed class ClientFactory(World world, CalledSystems systems, SimulatedInstance instance, IHttpClientFactory others)
        : IHttpClientFactory
    {
        // Without the resilience, which has tests of its own.
        public HttpClient CreateClient(string name) => systems.systems.ContainsKey(name)
            ? new HttpClient(new SystemConnection(world, systems, instance, name)) { Timeout = Timeout.InfiniteTimeSpan }
            : others.CreateClient(name);
    }
}

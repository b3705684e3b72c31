using System.Net.Http.Json;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Which Jira, and how this app signs in there.</summary>
/// <param name="Site">The site that people see, for links.</param>
/// <param name="Api">The base address of the API: the site, or the gateway of Atlassian.</param>
/// <param name="IsCloud">Whether it is Jira Cloud, whose search is another one.</param>
/// <param name="ApiVersion">2 for wiki markup, 3 for documents.</param>
/// <param name="Authorization">The header, for a token that lasts; null for a service account.</param>
/// <param name="ServiceAccount">What an access token is got with; null where a token lasts.</param>
/// <param name="Secrets">What must not be repeated.</param>
internal sealed record JiraConnection(
    Uri Site,
    Uri Api,
    bool IsCloud,
    int ApiVersion,
    string? Authorization,
    JiraServiceAccount? ServiceAccount,
    IReadOnlyList<string?> Secrets);

/// <summary>A service account of Atlassian that signs in with client credentials.</summary>
internal sealed record JiraServiceAccount(Uri TokenUrl, string ClientId, string ClientSecret)
{
    /// <summary>Asks for an access token, which lasts an hour.</summary>
    public HttpRequestMessage Ask() => new(HttpMethod.Post, TokenUrl)
    {
        Content = JsonContent.Create(new { grant_type = "client_credentials", client_id = ClientId, client_secret = ClientSecret }),
    };
}

/// <summary>How the ticket of an event is found.</summary>
/// <param name="IssueKey">Renders a text that may be the key of an issue; null for none.</param>
/// <param name="Projects">The projects whose keys count; empty for all.</param>
/// <param name="Jql">Finds the ticket of an event without a key; null for none.</param>
/// <param name="SearchLag">How long a search may not know what is new.</param>
internal sealed record JiraSearch(EventTemplate? IssueKey, IReadOnlyList<string> Projects, QueryTemplate? Jql, TimeSpan SearchLag);

/// <summary>What becomes of a ticket that is found.</summary>
/// <param name="Comment">The comment; null for none.</param>
/// <param name="IsPublic">Whether customers of a service project see it.</param>
/// <param name="Transition">The name of a transition, or of the status to bring the ticket to; null or empty for none.</param>
/// <param name="TransitionFields">The fields that go with the transition, by id.</param>
/// <param name="Fields">The fields to set, by id.</param>
internal sealed record JiraUpdate(
    EventTemplate? Comment,
    bool IsPublic,
    EventTemplate? Transition,
    IReadOnlyDictionary<string, JiraField> TransitionFields,
    IReadOnlyDictionary<string, JiraField> Fields);

/// <summary>The ticket that is opened when there is none.</summary>
/// <param name="EventTypes">The types of events for which one is.</param>
/// <param name="Labels">Its labels with blanks between them, beside that of the event; null for none.</param>
/// <param name="Fields">Its other fields, by id.</param>
internal sealed record JiraCreation(
    IReadOnlyList<string> EventTypes,
    string Project,
    string IssueType,
    EventTemplate Summary,
    EventTemplate? Description,
    EventTemplate? Labels,
    IReadOnlyDictionary<string, JiraField> Fields);

/// <summary>Everything that a handler of kind Jira is told.</summary>
/// <param name="Name">The handler's name.</param>
/// <param name="Creation">Null when it opens no tickets.</param>
internal sealed record JiraOptions(string Name, JiraConnection Connection, JiraSearch Search, JiraUpdate Update, JiraCreation? Creation)
{
    /// <summary>What tells in Jira that an event has had its effect by this handler.</summary>
    public JiraMark Mark(EventContext context) => new(context.EventId, Name);
}

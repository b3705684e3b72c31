using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Which instance, and how this app signs in there.</summary>
/// <param name="Url">The address of the instance.</param>
/// <param name="Authorization">The header, for a user with a password; null for OAuth.</param>
/// <param name="ClientId">The client id, for OAuth.</param>
/// <param name="ClientSecret">The client secret, for OAuth.</param>
/// <param name="Secrets">What must not be repeated.</param>
internal sealed record ServiceNowConnection(
    Uri Url, string? Authorization, string? ClientId, string? ClientSecret, IReadOnlyList<string?> Secrets)
{
    /// <summary>Asks for an access token.</summary>
    public HttpRequestMessage Ask() => new(HttpMethod.Post, new Uri(Url, "/oauth_token.do"))
    {
        Content = new FormUrlEncodedContent(
        [
            new("grant_type", "client_credentials"), new("client_id", ClientId ?? ""), new("client_secret", ClientSecret ?? ""),
        ]),
    };
}

/// <summary>Everything that a handler of kind ServiceNow is told.</summary>
/// <param name="Name">The handler's name.</param>
/// <param name="Table">The table of the records.</param>
/// <param name="Query">Finds the record of an event; null for none.</param>
/// <param name="ClosedStates">The values of <c>state</c> of a record that is left alone.</param>
/// <param name="Update">The fields that a record which is found gets, journals among them; one that renders as nothing is left as it is.</param>
/// <param name="CreatedTypes">The types of events that open a record when there is none.</param>
/// <param name="Created">The fields of a record that is opened.</param>
internal sealed record ServiceNowOptions(
    string Name,
    ServiceNowConnection Connection,
    string Table,
    QueryTemplate? Query,
    IReadOnlyList<string> ClosedStates,
    IReadOnlyDictionary<string, EventTemplate> Update,
    IReadOnlyList<string> CreatedTypes,
    IReadOnlyDictionary<string, EventTemplate> Created)
{
    /// <summary>The fields that are journals: each write adds an entry, so that a second one would be seen.</summary>
    public static readonly IReadOnlyList<string> Journals = ["work_notes", "comments"];

    /// <summary>The fields that are read of each record.</summary>
    public static readonly IReadOnlyList<string> AlwaysRead = ["sys_id", "number", "state", .. Journals];

    /// <summary>The <c>sys_id</c> of the record that this handler opens for an event.</summary>
    public string RecordId(string eventId) => ServiceNow.RecordId.Of(eventId, Table, Name);

    /// <summary>What a note of this handler about an event is known by: another handler may write one about it into the same record.</summary>
    public string Mark(string eventId) => $"{eventId} ({Name})";
}

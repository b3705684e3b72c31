using System.Text.Json;
using PointWebhooks.Events;

namespace PointWebhooks.Handlers.Templates;

/// <summary>
/// What a template knows of an event, by name. What an event does not have is not there, and renders as nothing. The vendor's
/// additional properties are there by their own names, unless one of ours has it.
/// </summary>
internal sealed class EventModel
{
    /// <summary>The names that some documented event has.</summary>
    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "type", "name", "kind", "kindName", "url", "microsoftId", "requester", "requestedOn", "error", "correlationId", "timeStamp",
        "receivedAt", "eventId", "idempotencyKey", "pointUrl", "workspaceId",
    };

    /// <summary>An event that has nothing.</summary>
    public static EventModel Empty { get; } = new(new Dictionary<string, object?>());

    private EventModel(IReadOnlyDictionary<string, object?> values) => Values = values;

    /// <summary>Texts, times, numbers, booleans, lists and dictionaries.</summary>
    public IReadOnlyDictionary<string, object?> Values { get; }

    /// <param name="pointUrl">The address of Syskit Point.</param>
    public static EventModel Of(PointEvent pointEvent, EventContext context, string? pointUrl)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, json) in AdditionalOf(pointEvent))
            values[name] = PlainJson.Of(json);

        var provisioning = pointEvent as ProvisioningEvent;
        Set("type", pointEvent.Type);
        Set("name", provisioning?.Name);
        Set("kind", provisioning?.Kind?.Value);
        values["kindName"] = NameOf(provisioning?.Kind);
        Set("timeStamp", Time(pointEvent.TimeStamp));
        Set("url", (pointEvent as ProvisioningCompleted)?.Url);
        Set("microsoftId", (pointEvent as ProvisioningCompleted)?.MicrosoftId);
        Set("requester", (pointEvent as ProvisioningStarted)?.RequesterId);
        Set("requestedOn", Time((pointEvent as ProvisioningStarted)?.RequestedOn));
        Set("error", (pointEvent as ProvisioningFailed)?.Error);
        Set("correlationId", (pointEvent as ProvisioningFailed)?.CorrelationId);
        Set("workspaceId", WorkspaceId.Of(provisioning));
        Set("receivedAt", context.ReceivedAt);
        Set("eventId", context.EventId);
        Set("idempotencyKey", context.IdempotencyKey);
        Set("pointUrl", pointUrl);
        return new EventModel(values);

        void Set(string name, object? value)
        {
            if (value is not null)
                values[name] = value;
        }
    }

    /// <summary>A value as text; null when the event does not have it.</summary>
    public string? Text(string name) => Values.GetValueOrDefault(name)?.ToString();

    private static object? Time(PointTimestamp? time) => time is { } given ? given.Utc is { } utc ? utc : given.Text : null;

    private static string NameOf(WorkspaceKind? kind) =>
        kind is not { } known ? "workspace"
        : known == WorkspaceKind.MicrosoftTeams ? "team"
        : known == WorkspaceKind.SharePointSiteCollection ? "SharePoint site"
        : known == WorkspaceKind.YammerCommunity ? "Viva Engage community"
        : known == WorkspaceKind.M365Group ? "Microsoft 365 group"
        : "workspace";

    // Of an event that is not documented, what its content holds.
    private static IEnumerable<KeyValuePair<string, JsonElement>> AdditionalOf(PointEvent pointEvent) =>
        pointEvent is UnknownEvent { Content: { ValueKind: JsonValueKind.Object } content }
            ? content.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value))
            : pointEvent.AdditionalProperties;
}

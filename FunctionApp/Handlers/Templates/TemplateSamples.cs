using System.Text;
using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Templates;

/// <summary>An event of each type, with every property that is documented of it, to check templates with.</summary>
internal static class TemplateSamples
{
    private const string Unknown = "WorkspaceArchived";

    private static readonly IReadOnlyList<string> All =
        [EventTypes.ProvisioningStarted, EventTypes.ProvisioningCompleted, EventTypes.ProvisioningFailed, Unknown];

    /// <summary>The types themselves; for <c>*</c> the documented ones, and one that is not.</summary>
    public static IEnumerable<string> TypesOf(IEnumerable<string> eventTypes) =>
        eventTypes.SelectMany(type => type == EventTypeList.All ? All : [type]);

    /// <summary>The model of a sample.</summary>
    /// <param name="added">What the texts that people write end in: the name, the url and the error.</param>
    public static EventModel Model(string type, string added = "")
    {
        var body = Body(type, added);
        return EventModel.Of(PointEventReader.Read(EventEnvelope.Parse(body))!, Context(body), "https://contoso.syskit365demo.com");
    }

    private static EventContext Context(ReadOnlyMemory<byte> body) => new(
        $"{new string('0', 40)}-{new string('0', 12)}", "sample", new DateTimeOffset(2026, 5, 1, 12, 0, 1, TimeSpan.Zero), 1, body);

    private static ReadOnlyMemory<byte> Body(string type, string added) => Encoding.UTF8.GetBytes(
        $$"""
        {
          "type": {{JsonSerializer.Serialize(type)}},
          "content": { "name": {{JsonSerializer.Serialize($"Project Phoenix{added}")}}, "type": "MicrosoftTeams"{{Content(type, added)}} },
          "meta": { "timeStamp": "2026-05-01T12:00:00", "idempotencyKey": "sample" }
        }
        """);

    private static string Content(string type, string added) => type switch
    {
        EventTypes.ProvisioningStarted =>
            """, "requestedOn": "2026-05-01T11:58:00", "requesterId": "8a7b3a5c-3f5d-4c2b-9d2e-0f6f3f9f5a11" """,
        EventTypes.ProvisioningCompleted =>
            $""", "url": {JsonSerializer.Serialize($"https://contoso.sharepoint.com/sites/IT-12{added}")}, "microsoftId": "f3f0c9b5-58f6-4b1b-93a0-3c9a3d1b7a10" """,
        EventTypes.ProvisioningFailed =>
            $""", "error": {JsonSerializer.Serialize($"The alias is already in use.{added}")}, "correlationId": "6f1c6d3e-4c0e-4f57-9a64-2f6a1f6c3b0d" """,
        _ => "",
    };
}

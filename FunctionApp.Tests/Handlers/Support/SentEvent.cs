using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>An event as a handler gets it.</summary>
internal sealed record SentEvent(PointEvent Event, EventContext Context)
{
    public string Id => Context.EventId;

    public static SentEvent Started(string name = "Project Phoenix") => Of("ProvisioningStarted", new { name, type = "MicrosoftTeams" });

    public static SentEvent Completed(string url, string name = "Project Phoenix") =>
        Of("ProvisioningCompleted", new { name, type = "MicrosoftTeams", url });

    public static SentEvent Failed(string error = "The alias is already in use.", string name = "Project Phoenix") =>
        Of("ProvisioningFailed", new { name, type = "MicrosoftTeams", error });

    public static SentEvent Of(string type, object content)
    {
        var key = Guid.NewGuid().ToString();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { type, content, meta = new { timeStamp = "2026-05-01T12:00:00", idempotencyKey = key } });
        return new SentEvent(
            PointEventReader.Read(EventEnvelope.Parse(body))!,
            new EventContext(EventId.Of(type, key).Value, key, DateTimeOffset.UtcNow, 1, body));
    }
}

using PointWebhooks.Events;

namespace PointWebhooks.Queues;

/// <summary>The storage queues: one for each documented type of event, and one for everything else.</summary>
internal static class QueueNames
{
    /// <summary>Events of type <see cref="EventTypes.ProvisioningStarted"/>.</summary>
    public const string ProvisioningStarted = "point-provisioning-started";

    /// <summary>Events of type <see cref="EventTypes.ProvisioningCompleted"/>.</summary>
    public const string ProvisioningCompleted = "point-provisioning-completed";

    /// <summary>Events of type <see cref="EventTypes.ProvisioningFailed"/>.</summary>
    public const string ProvisioningFailed = "point-provisioning-failed";

    /// <summary>Events of every other type, and unreadable ones.</summary>
    public const string UnknownEvent = "point-unknown-event";

    /// <summary>What the Functions host adds to the name of the queue whose message it gives up on.</summary>
    public const string PoisonSuffix = "-poison";

    /// <summary>Every queue that events are sent to. Each has a poison queue, its name with <see cref="PoisonSuffix"/>.</summary>
    public static readonly IReadOnlyList<string> All = [ProvisioningStarted, ProvisioningCompleted, ProvisioningFailed, UnknownEvent];

    /// <summary>The queue of an event's type.</summary>
    public static string For(string eventType) => eventType switch
    {
        EventTypes.ProvisioningStarted => ProvisioningStarted,
        EventTypes.ProvisioningCompleted => ProvisioningCompleted,
        EventTypes.ProvisioningFailed => ProvisioningFailed,
        _ => UnknownEvent,
    };
}

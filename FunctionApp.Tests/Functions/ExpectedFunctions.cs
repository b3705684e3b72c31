namespace PointWebhooks.Tests.Functions;

/// <summary>What the outside relies on: every function with its route and level, its queue or its schedule.</summary>
internal static class ExpectedFunctions
{
    /// <summary>The functions, by name.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "AcknowledgeCause: post causes/{cause}/acknowledge Function",
        "EraseEvent: delete events/{id} Function",
        "EraseEventByForm: post events/{id}/erase Function",
        "GetEvent: get events/{id} Function",
        "GiveUpEvent: post events/{id}/give-up Function",
        "Health: get health Anonymous",
        "ListEvents: get events Function",
        "ListEventsAsCsv: get events.csv Function",
        "PauseHandler: post handlers/{name}/pause Function",
        "ProcessProvisioningCompleted: queue point-provisioning-completed",
        "ProcessProvisioningFailed: queue point-provisioning-failed",
        "ProcessProvisioningStarted: queue point-provisioning-started",
        "ProcessUnknownEvent: queue point-unknown-event",
        "PurgeLedger: timer 0 20 3 * * *",
        "ReceiveWebhook: post webhooks/point Anonymous",
        "RegisterEndpoint: timer 0 7 * * * *",
        "RelayEvents: timer 0 * * * * *",
        "ReplayEvent: post events/{id}/replay Function",
        "ReplayEvents: post events/replay Function",
        "ResumeHandler: post handlers/{name}/resume Function",
        "SelfCheck: post self-check Function",
        "SignedIn: get,post,delete signed-in/{*path} Anonymous",
        "Status: get status Function",
    ];
}

namespace PointWebhooks.Tests;

/// <summary>What the outside relies on: every function with its route and level, its queue or its schedule.</summary>
internal static class ExpectedFunctions
{
    /// <summary>The functions, by name.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "AdmitQuarantined: timer 30 * * * * *",
        "DrainPoisonProvisioningCompleted: queue point-provisioning-completed-poison",
        "DrainPoisonProvisioningFailed: queue point-provisioning-failed-poison",
        "DrainPoisonProvisioningStarted: queue point-provisioning-started-poison",
        "DrainPoisonUnknownEvent: queue point-unknown-event-poison",
        "GetEvent: get events/{idempotencyKey} Function",
        "Health: get health Anonymous",
        "ListEvents: get events Function",
        "ProcessProvisioningCompleted: queue point-provisioning-completed",
        "ProcessProvisioningFailed: queue point-provisioning-failed",
        "ProcessProvisioningStarted: queue point-provisioning-started",
        "ProcessUnknownEvent: queue point-unknown-event",
        "PurgeLedger: timer 0 20 3 * * *",
        "ReceiveWebhook: post webhooks/point Anonymous",
        "RegisterEndpoint: timer 0 7 * * * *",
        "RelayEvents: timer 0 * * * * *",
        "ReplayEvent: post events/{idempotencyKey}/replay Function",
        "ReplayEvents: post events/replay Function",
        "Status: get status Function",
    ];
}

using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Receiving;
using PointWebhooks.Registration;

namespace PointWebhooks.Functions;

/// <summary>
/// What runs by the clock, in UTC. The schedules are constants: one in a setting that someone forgets to set keeps the function from
/// loading, silently.
/// </summary>
internal sealed class Timers(
    EventRelay relay, BulkReplays replays, QuarantineProcessor quarantine, RegistrationRun registration, LedgerPurge purge)
{
    private const string EveryMinute = "0 * * * * *";
    private const string EveryHour = "0 7 * * * *";
    private const string EveryNight = "0 20 3 * * *";

    /// <summary>
    /// What is left to be done: sends open events that are overdue to their queue again, empties the poison queues, goes on with replays of
    /// many events, and verifies the requests that came while the signature key was unavailable. One function, as each timer costs
    /// executions and the renewal of its lease also when there is nothing to do.
    /// </summary>
    [Function("RelayEvents")]
    public Task RelayAsync([TimerTrigger(EveryMinute)] TimerInfo timer, CancellationToken cancellationToken) =>
        // Side by side: where one fails, the other is not to wait for the next minute.
        Task.WhenAll(RelayAndReplayAsync(cancellationToken), quarantine.RunAsync(cancellationToken));

    /// <summary>Registers the endpoint with Syskit Point if it is missing, and repairs what has changed.</summary>
    [Function("RegisterEndpoint")]
    public Task RegisterAsync([TimerTrigger(EveryHour)] TimerInfo timer, CancellationToken cancellationToken) =>
        registration.RunAsync(cancellationToken);

    /// <summary>Takes the content of events that finished longer ago than the retention, and of requests that stayed unverified.</summary>
    [Function("PurgeLedger")]
    public Task PurgeAsync([TimerTrigger(EveryNight)] TimerInfo timer, CancellationToken cancellationToken) =>
        // Side by side, likewise.
        Task.WhenAll(purge.RunAsync(cancellationToken), quarantine.ReviewUnverifiedAsync(cancellationToken));

    private async Task RelayAndReplayAsync(CancellationToken cancellationToken)
    {
        await relay.SweepAsync(cancellationToken);
        await replays.RunAsync(cancellationToken);
    }
}

using System.Text.Json.Serialization;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.PointApi;
using PointWebhooks.Queues;
using PointWebhooks.Registration;
using PointWebhooks.Signatures;

namespace PointWebhooks.Operations;

/// <summary>A part of the status that is not known just now.</summary>
/// <param name="Why">Why not, in a few words.</param>
internal sealed record UnknownPart(string Part, string Why);

/// <summary>The answer to a self-check.</summary>
/// <param name="Problem">What is wrong with the registered url and what to do about it, or null when this app answers there.</param>
internal sealed record SelfCheckAnswer(string? Problem)
{
    /// <summary>Whether this app answers at the registered url.</summary>
    public bool IsRight => Problem is null;
}

/// <summary>What is kept although it was not verified.</summary>
/// <param name="Waiting">How many requests wait unread for the signature key.</param>
/// <param name="Unverified">How many requests no signature key verifies.</param>
internal sealed record QuarantineCounts(int Waiting, int Unverified);

/// <summary>How the events stand. Times are UTC.</summary>
/// <param name="Open">How many are not finished; from 1,000 in one of 16 partitions on, at least so many.</param>
/// <param name="OldestOpenReceivedAt">When the oldest of them was received, or null when there is none.</param>
/// <param name="Dead">How many are dead; from 1,000 in one of 16 partitions on, at least so many.</param>
/// <param name="LastReceivedAt">When the last event of those shown was received, or null when there was none.</param>
/// <param name="LatestDead">The latest dead events.</param>
/// <param name="Latest">The latest events that are open or completed.</param>
/// <param name="LastDay">What happened in the last 24 hours.</param>
/// <param name="Instances">The instances that claimed those shown, and their versions, the latest first.</param>
internal sealed record EventCounts(
    long Open,
    DateTimeOffset? OldestOpenReceivedAt,
    long Dead,
    DateTimeOffset? LastReceivedAt,
    IReadOnlyList<EventSummary> LatestDead,
    IReadOnlyList<EventSummary> Latest,
    DayCounts LastDay,
    IReadOnlyList<SeenInstance> Instances)
{
    /// <summary>How many of the open ones wait for a paused handler.</summary>
    public int Waiting { get; init; }

    /// <summary>The same by handler.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, int> WaitingFor { get; init; } = new Dictionary<string, int>();
}

/// <summary>An instance, by what it did.</summary>
/// <param name="Name">Its name and the version of its code.</param>
/// <param name="LastClaimAt">When it last claimed one of the events that the status shows.</param>
internal sealed record SeenInstance(string Name, DateTimeOffset LastClaimAt);

/// <summary>How long storage took for this very status, in milliseconds, with trying again.</summary>
/// <param name="Table">To read one row; null where it did not answer.</param>
/// <param name="Queues">To say the length of the slowest queue; null where it did not answer.</param>
internal sealed record StorageLatency(long? Table, long? Queues);

/// <summary>How often this instance has refused requests for one reason since it started.</summary>
/// <param name="Advice">What an operator can do about it.</param>
internal sealed record RefusedRequests(string Reason, int Status, long Count, DateTimeOffset LastAt, string Advice);

/// <summary>The instance that answered.</summary>
/// <param name="Since">When it started, in UTC.</param>
/// <param name="Point">Its last call of Syskit Point, or null when there was none.</param>
/// <param name="Refused">The requests that it has refused, the latest reason first.</param>
/// <param name="Handlers">How handlers have done on it.</param>
internal sealed record InstanceStatus(
    string Name,
    DateTimeOffset Since,
    PointApiCall? Point,
    IReadOnlyList<RefusedRequests> Refused,
    IReadOnlyList<HandlerHealth> Handlers);

/// <summary>The state of the app in one look. What is not known is null, and named in <see cref="Unknown"/>.</summary>
/// <param name="At">When this was found out, in UTC.</param>
/// <param name="Registration">The result of the last run of the registration; null also when there was none yet.</param>
/// <param name="SignatureKey">Where the signature key comes from and how old it is, on this instance.</param>
/// <param name="Queues">The length of every queue and of its poison queue.</param>
/// <param name="Quarantine">What is kept although it was not verified.</param>
/// <param name="Storage">How fast storage answered.</param>
/// <param name="Instance">What only the instance that answered knows.</param>
/// <param name="Unknown">The parts that are not known just now, and why.</param>
/// <param name="Handlers">Which handlers run on every instance, and which are paused.</param>
internal sealed record StatusReport(
    DateTimeOffset At,
    string Version,
    RegistrationResult? Registration,
    SignatureKeyStatus SignatureKey,
    IReadOnlyList<QueueLength>? Queues,
    EventCounts? Events,
    QuarantineCounts? Quarantine,
    StorageLatency Storage,
    InstanceStatus Instance,
    IReadOnlyList<UnknownPart> Unknown,
    IReadOnlyList<HandlerState>? Handlers);

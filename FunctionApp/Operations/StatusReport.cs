using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Registration;
using PointWebhooks.Signatures;

namespace PointWebhooks.Operations;

/// <summary>A part of the status that is not known just now.</summary>
/// <param name="Why">Why not, in a few words.</param>
internal sealed record UnknownPart(string Part, string Why);

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
internal sealed record EventCounts(
    long Open,
    DateTimeOffset? OldestOpenReceivedAt,
    long Dead,
    DateTimeOffset? LastReceivedAt,
    IReadOnlyList<EventSummary> LatestDead,
    IReadOnlyList<EventSummary> Latest);

/// <summary>The state of the app in one look. What is not known is null, and named in <see cref="Unknown"/>.</summary>
/// <param name="At">When this was found out, in UTC.</param>
/// <param name="Registration">The result of the last run of the registration; null also when there was none yet.</param>
/// <param name="SignatureKey">Where the signature key comes from and how old it is, on this instance.</param>
/// <param name="Queues">The length of every queue and of its poison queue.</param>
/// <param name="Quarantine">What is kept although it was not verified.</param>
/// <param name="Unknown">The parts that are not known just now, and why.</param>
internal sealed record StatusReport(
    DateTimeOffset At,
    string Version,
    RegistrationResult? Registration,
    SignatureKeyStatus SignatureKey,
    IReadOnlyList<QueueLength>? Queues,
    EventCounts? Events,
    QuarantineCounts? Quarantine,
    IReadOnlyList<UnknownPart> Unknown);

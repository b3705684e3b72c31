using PointWebhooks.Queues;
using PointWebhooks.Registration;

namespace PointWebhooks.Operations;

/// <summary>The state of the app in one look. What could not be found out is null, and named in <see cref="Unknown"/>.</summary>
/// <param name="At">When this was found out, in UTC.</param>
/// <param name="Version">The app's version.</param>
/// <param name="Registration">What came of the last run of the registration; null also when there was none yet.</param>
/// <param name="SignatureKey">Where the signature key comes from and how old it is, on this instance.</param>
/// <param name="Queues">The length of every queue and of its poison queue.</param>
/// <param name="Events">How the events stand.</param>
/// <param name="Quarantined">How many requests wait unread for the signature key.</param>
/// <param name="Unknown">The parts that could not be found out, and why.</param>
public sealed record StatusReport(
    DateTimeOffset At,
    string Version,
    RegistrationRecord? Registration,
    SignatureKeyStatus SignatureKey,
    IReadOnlyList<QueueLength>? Queues,
    EventCounts? Events,
    int? Quarantined,
    IReadOnlyList<UnknownPart> Unknown);

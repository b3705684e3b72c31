using PointWebhooks.Events;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Processing;
using PointWebhooks.Receiving;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Docs;

/// <summary>Bounds are what the documents say. Other tests go by the constants, and would follow one that changes.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class DocumentedBoundsTests
{
    private const int KiB = 1024;

    private static IEnumerable<TestCaseData> Bounds =>
    [
        Bound(BoundedBody.MaxLength, 256 * KiB, "security", "A body is read up to 256 KiB and for 30 seconds"),
        Bound(BoundedBody.MaxTime, TimeSpan.FromSeconds(30), "security", "A body is read up to 256 KiB and for 30 seconds"),
        Bound(LargeBodies.MaxSmall, 16 * KiB, "security", "Of bodies over 16 KiB, several times an event of Syskit Point, 8 are in memory at once"),
        Bound(LargeBodies.AtOnce, 8, "security", "8 are in memory at once, 128 wait for room"),
        Bound(LargeBodies.MostWaiting, 128, "security", "8 are in memory at once, 128 wait for room"),
        Bound(ReceiveResult.RetryAfterSeconds, 30, "http-api", "A 503 has `Retry-After: 30`."),
        Bound(EventTypes.MaxLength, 128, "http-api", "or one of more than 128 characters"),
        Bound(IdempotencyKeys.MaxLength, 1024, "http-api", "a key of more than 1,024 characters"),
        Bound(Quarantine.MaxRequests, 20_000, "security", "20,000 requests or 32 MiB over all instances"),
        Bound(Quarantine.MaxBytes, 32L * KiB * KiB, "security", "20,000 requests or 32 MiB over all instances"),
        Bound(Quarantine.UsageLifetime, TimeSpan.FromSeconds(5), "architecture", "each instance counts the rows at most every five seconds"),
        Bound(QuarantineProcessor.MaxUnverified, 20_000, "security", "as far as there is room (20,000 requests, 32 MiB)"),
        Bound(QuarantineProcessor.MaxUnverifiedBytes, 32L * KiB * KiB, "security", "as far as there is room (20,000 requests, 32 MiB)"),
        Bound(QuarantineProcessor.UnverifiedLifetime, TimeSpan.FromDays(7), "security", "it is kept as **unverified** for seven days"),
        Bound(DeferredVerification.MaxRequests, 20_000, "security", "16 MiB and 20,000 requests an instance"),
        Bound(DeferredVerification.MaxBytes, 16L * KiB * KiB, "security", "16 MiB and 20,000 requests an instance"),
        Bound(DeferredVerification.SmallBody, 8 * KiB, "security", "of which bodies over 8 KiB, larger than any event, get half"),
        Bound(DeferredVerification.LongestWait, TimeSpan.FromMinutes(5), "security", "a request waits five minutes at most"),
        Bound(FetchedKeys.RefreshInterval, TimeSpan.FromHours(1), "security", "renewed about every hour, and kept in memory only"),
        Bound(FetchedKeys.PreviousKeyLifetime, TimeSpan.FromDays(1), "security", "the previous key is accepted for a day"),
        Bound(KeyFetcher.Throttle, TimeSpan.FromSeconds(30), "security", "In the long run one such call in 30 seconds, with 5 in reserve."),
        Bound(KeyFetcher.Reserve, 5, "security", "In the long run one such call in 30 seconds, with 5 in reserve."),
        Bound(EventLedger.LeaseTime, TimeSpan.FromMinutes(1), "architecture", "**A claim is a lease of one minute**"),
        Bound(EventLedger.PickUpTime, TimeSpan.FromMinutes(2), "reliability", "received more than two minutes ago and not taken up"),
        Bound(EventRelay.MessageInterval, TimeSpan.FromHours(1), "reliability", "It sends one more message for each, and the next for the same event an hour later"),
        Bound(EventRelay.MostResumed, 1000, "reliability", "**Resumed, the events run within about two minutes**, the oldest first, up to 1,000 a minute."),
        Bound(FailedAttempts.LongestHidden, TimeSpan.FromMinutes(10), "reliability", "A message that is hidden meanwhile ends a pause of up to ten minutes"),
        Bound(EventQuery.MaxTake, 200, "http-api", "how many, 1 to 200; by default 50"),
        Bound(AnswerDeadline.Limit, TimeSpan.FromSeconds(3), "http-api", "503 within 3 seconds"),
    ];

    [TestCaseSource(nameof(Bounds))]
    public void A_bound_is_what_a_document_says(object actual, object expected, string document, string words)
    {
        Assert.That(actual, Is.EqualTo(expected));
        Assert.That(new Document($"docs/{document}.md").Says(words), Is.True, $"docs/{document}.md says: {words}");
    }

    private static TestCaseData Bound<T>(T actual, T expected, string document, string words)
        where T : notnull => new(actual, expected, document, words);
}

using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Signatures;

/// <summary>How often wrong signatures may cause Syskit Point to be asked, with the values of the app.</summary>
internal sealed class FetchThrottleTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly DateTimeOffset start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private FetchThrottle throttle = null!;

    [SetUp]
    public void Start() => throttle = new FetchThrottle(KeyFetcher.Throttle, KeyFetcher.Reserve);

    [Test]
    public void Five_come_at_once_and_the_sixth_after_thirty_seconds_and_not_an_instant_before()
    {
        Assert.That(Taken(start, 100), Is.EqualTo(5));
        Assert.That(throttle.Opens, Is.EqualTo(start + Interval));

        Assert.That(throttle.TryTake(start + Interval - Instant), Is.False);
        Assert.That(throttle.TryTake(start + Interval), Is.True);
        Assert.That(throttle.TryTake(start + Interval), Is.False, "one comes back in each interval");
        Assert.That(throttle.Opens, Is.EqualTo(start + (2 * Interval)));
    }

    [Test]
    public void In_the_long_run_it_is_one_in_thirty_seconds()
    {
        var taken = 0;
        for (var second = 0; second < 3600; second++)
            taken += Taken(start + TimeSpan.FromSeconds(second), 3);

        Assert.That(taken, Is.EqualTo(5 + 119));
    }

    [TestCase(1, 1)]
    [TestCase(4, 4)]
    [TestCase(5, 5)]
    [TestCase(50, 5)]
    public void The_reserve_fills_up_with_time_and_not_beyond_itself(int intervals, int expected)
    {
        Taken(start, 100);

        Assert.That(Taken(start + (intervals * Interval), 100), Is.EqualTo(expected));
    }

    [Test]
    public void After_a_failure_nothing_is_asked_for_thirty_seconds_whoever_asks()
    {
        throttle.Failed(start);

        Assert.That(throttle.Opens, Is.EqualTo(start + Interval));
        Assert.That((throttle.Allows(start + Interval - Instant), throttle.TryTake(start + Interval - Instant)), Is.EqualTo((false, false)));
        Assert.That((throttle.Allows(start + Interval), throttle.TryTake(start + Interval)), Is.EqualTo((true, true)));
    }

    [Test]
    public void What_no_wrong_signature_caused_needs_no_reserve()
    {
        Taken(start, 100);

        Assert.That(throttle.Allows(start), Is.True);
    }

    [Test]
    public void It_opens_at_once_until_something_was_taken()
    {
        Assert.That(throttle.Opens, Is.EqualTo(DateTimeOffset.MinValue));
        throttle.TryTake(start);
        Assert.That(throttle.Opens, Is.LessThanOrEqualTo(start));
    }

    private int Taken(DateTimeOffset at, int tries) => Enumerable.Range(0, tries).Count(_ => throttle.TryTake(at));
}

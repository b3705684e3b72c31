using System.Text;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Signatures;

/// <summary>What is known after each fetch of the key, and for how long.</summary>
internal sealed class FetchedKeysTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] One = "one"u8.ToArray();
    private static readonly byte[] Two = "two"u8.ToArray();
    private static readonly byte[] Three = "three"u8.ToArray();

    private readonly Random random = new(1);

    [Test]
    public void The_first_key_is_alone()
    {
        var keys = Next(null, One, Start);

        Assert.That(Texts(keys, Start), Is.EqualTo(["one"]));
        Assert.That((keys.FetchedAt, keys.Previous), Is.EqualTo((Start, default(byte[]))));
    }

    [Test]
    public void After_a_change_both_are_accepted_for_a_day_and_not_an_instant_longer()
    {
        var changed = Start.AddHours(5);
        var keys = Next(Next(null, One, Start), Two, changed);

        Assert.That(Texts(keys, changed.AddHours(24) - Instant), Is.EqualTo(["two", "one"]));
        Assert.That(Texts(keys, changed.AddHours(24)), Is.EqualTo(["two"]));
    }

    [Test]
    public void The_same_key_fetched_again_changes_nothing_but_its_age()
    {
        var changed = Next(Next(null, One, Start), Two, Start);

        var again = Next(changed, Two.ToArray(), Start.AddHours(1));

        Assert.That(again.FetchedAt, Is.EqualTo(Start.AddHours(1)));
        Assert.That((again.Previous, again.PreviousUntil), Is.EqualTo((One, Start.AddHours(24))), "the day does not begin anew");
    }

    [Test]
    public void Of_two_changes_within_a_day_the_key_between_is_accepted_and_the_first_one_is_not()
    {
        var keys = Next(Next(Next(null, One, Start), Two, Start.AddHours(1)), Three, Start.AddHours(2));

        Assert.That(Texts(keys, Start.AddHours(3)), Is.EqualTo(["three", "two"]));
        Assert.That(keys.PreviousUntil, Is.EqualTo(Start.AddHours(26)));
    }

    [Test]
    public void It_is_to_be_fetched_again_after_an_hour_give_or_take_a_tenth()
    {
        var waits = Enumerable.Range(0, 1000).Select(_ => (Next(null, One, Start).RefreshAt - Start).TotalMinutes).ToList();

        Assert.That(waits, Is.All.InRange(54, 66));
        Assert.That(waits.Max() - waits.Min(), Is.GreaterThan(6), "instances that started together do not ask together");
    }

    private static IEnumerable<string> Texts(FetchedKeys keys, DateTimeOffset at) => keys.ValidAt(at).Select(Encoding.UTF8.GetString);

    private FetchedKeys Next(FetchedKeys? before, byte[] fetched, DateTimeOffset now) => FetchedKeys.Next(before, fetched, now, random);
}

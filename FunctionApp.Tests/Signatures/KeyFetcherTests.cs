using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using PointWebhooks.PointApi;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

/// <summary>When Syskit Point is asked for the key, and which of its answers tells of a signature.</summary>
internal sealed class KeyFetcherTests() : SimulatedAppTests(vendor: () => new SimulatedVendor())
{
    private KeyFetcher fetcher = null!;

    private SignatureKeys Keys => App.Get<SignatureKeys>();

    [SetUp]
    public void StartFetcher() => fetcher = new KeyFetcher(App.Get<PointApiClient>(), App.Time, new Random(1), NullLogger.Instance);

    [Test]
    public void An_answer_to_a_question_asked_after_the_signature_came_tells_without_another_question()
    {
        var seen = fetcher.Begun;
        App.Run(() => fetcher.Fetch(forMismatch: false)!);

        Assert.That(Refresh(seen), Is.EqualTo(SimulatedApp.Key));
        Assert.That(Vendor.Asked, Is.EqualTo(1));
        Assert.That(Refresh(fetcher.Begun), Is.EqualTo(SimulatedApp.Key));
        Assert.That(Vendor.Asked, Is.EqualTo(2));
    }

    [Test]
    public void A_question_that_is_not_answered_tells_nothing_and_does_not_count_as_answered()
    {
        Assert.That(Refresh(fetcher.Begun), Is.EqualTo(SimulatedApp.Key));
        Vendor.IsDown = true;

        Assert.That(Refresh(fetcher.Begun), Is.Null);
        Assert.That((fetcher.Begun, fetcher.Answered), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Neither_the_first_key_nor_the_same_one_again_is_a_change()
    {
        App.Run(() => Keys.GetAsync());
        App.Run(Keys.RefreshAfterMismatchAsync);

        Assert.That((Vendor.Asked, App.Logged(30)), Is.EqualTo((2, 0)));
    }

    [Test]
    public void The_hourly_question_leaves_wrong_signatures_all_that_they_may_cause()
    {
        App.Run(() => Keys.GetAsync());
        Account.Advance(TimeSpan.FromMinutes(67));
        App.Run(() => Keys.GetAsync());
        Account.Advance(Vendor.AnswerTime);
        Assert.That(Vendor.Asked, Is.EqualTo(2));

        var told = Enumerable.Range(0, KeyFetcher.Reserve + 1).Count(_ => App.Run(Keys.RefreshAfterMismatchAsync) is not null);

        Assert.That(told, Is.EqualTo(KeyFetcher.Reserve));
    }

    [Test]
    public void A_failure_nobody_thought_of_is_shown_by_its_kind_and_not_in_its_words()
    {
        Vendor.Faults = () => throw new InvalidOperationException("a secret");

        Assert.That(Get, Throws.TypeOf<SignatureKeyUnavailableException>()
            .With.Message.EqualTo("The signature key could not be fetched from Syskit Point."));
        Assert.That(Keys.Status.Failure, Is.EqualTo("Unexpected error (InvalidOperationException). See the application log."));
        Assert.That(Get, Throws.TypeOf<SignatureKeyUnavailableException>()
            .With.Message.EqualTo("The signature key could not be fetched a moment ago."));
    }

    [Test]
    public void The_last_call_is_told_by_when_it_began_how_long_it_took_and_what_was_answered()
    {
        var begun = Account.Now;
        App.Run(() => Keys.GetAsync());
        Assert.That(App.Get<PointApiClient>().LastCall, Is.EqualTo(new PointApiCall(begun, 100, 200)));

        Account.Advance(KeyFetcher.Throttle);
        Vendor.Faults = () => VendorFault.AnswerLost;
        begun = Account.Now;
        App.Run(Keys.RefreshAfterMismatchAsync);
        Assert.That(App.Get<PointApiClient>().LastCall, Is.EqualTo(new PointApiCall(begun, 100, null)));
    }

    private void Get() => App.Run(() => Keys.GetAsync());

    private string? Refresh(long seen) => App.Run(() => fetcher.RefreshAsync(seen)) is { } keys ? Encoding.UTF8.GetString(keys.Current) : null;
}

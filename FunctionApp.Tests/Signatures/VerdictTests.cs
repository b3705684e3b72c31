using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

/// <summary>What is said of a signature, as the key is known, has changed, or cannot be had.</summary>
internal sealed class VerdictTests
{
    private const string NewKey = "11111111-aaaa-4bbb-8ccc-222222222222";

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);
    private static readonly byte[] Body = SimulatedApp.Body("key");

    private SimulatedAccount account = null!;
    private SimulatedVendor vendor = null!;
    private SimulatedApp app = null!;

    [SetUp]
    public void Start()
    {
        account = new SimulatedAccount();
        vendor = new SimulatedVendor();
        app = new SimulatedApp(account, vendor);
    }

    [TearDown]
    public void Stop() => app.Dispose();

    [TestCase(SimulatedApp.Key, "SHA256", SignatureVerdict.Valid)]
    [TestCase(SimulatedApp.Key, "SHA384", SignatureVerdict.Valid)]
    [TestCase(SimulatedApp.Key, "SHA512", SignatureVerdict.Valid)]
    [TestCase(NewKey, "SHA256", SignatureVerdict.Mismatch)]
    public void A_signature_is_right_or_wrong_by_the_key_of_now(string key, string hash, SignatureVerdict expected) =>
        Assert.That(Verify(key, hash), Is.EqualTo(expected));

    [Test]
    public void A_key_that_has_just_changed_is_fetched_for_the_first_signature_made_with_it_and_the_old_one_stays_for_a_day()
    {
        Verify(SimulatedApp.Key);
        vendor.Key = NewKey;

        Assert.That(Verify(NewKey), Is.EqualTo(SignatureVerdict.Valid));
        var changed = account.Now;
        Assert.That(app.LogOf(30), Is.EqualTo(
            [(LogLevel.Warning, "The signature key has changed. The previous key is accepted for another 24 hours.")]));

        account.Advance(TimeSpan.FromHours(24) - Instant);
        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.Valid));
        account.Advance(changed + TimeSpan.FromHours(24) - account.Now);
        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.Mismatch));
    }

    [Test]
    public void Where_the_pace_allows_no_question_a_signature_of_no_known_key_is_undecided()
    {
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
            Verify(NewKey);
        vendor.Key = NewKey;

        Assert.That(Verify(NewKey), Is.EqualTo(SignatureVerdict.Undecided));
        Assert.That(vendor.Asked, Is.EqualTo(1 + KeyFetcher.Reserve));
        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.Valid), "what a known key made needs no question");
    }

    [Test]
    public void A_key_that_comes_within_eight_seconds_decides()
    {
        vendor.AnswerTime = Timeout - Instant;

        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.Valid));
    }

    [Test]
    public void A_key_that_takes_longer_is_unavailable_and_the_sender_waits_no_longer()
    {
        vendor.AnswerTime = Timeout + Instant;

        var (verdict, taken) = app.Timed(() => VerifyAsync(SimulatedApp.Key));

        Assert.That((verdict, taken), Is.EqualTo((SignatureVerdict.KeyUnavailable, Timeout)));
        Assert.That(app.LogOf(31), Is.EqualTo(
            [(LogLevel.Error, "The signature key could not be fetched: Syskit Point did not answer within 8 s.")]));
        Assert.That(app.Get<SignatureKeys>().Status.Failure, Is.EqualTo("Syskit Point did not answer within 8 s."));
        Assert.That(app.Get<SignatureKeys>().Status.FailedAt, Is.EqualTo(account.Now));
    }

    [Test]
    public void Without_a_key_nobody_is_asked_again_for_thirty_seconds()
    {
        vendor.IsDown = true;
        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.KeyUnavailable));
        var failed = account.Now;
        vendor.IsDown = false;

        account.Advance(failed + KeyFetcher.Throttle - account.Now - Instant);
        Assert.That((Verify(SimulatedApp.Key), vendor.Asked), Is.EqualTo((SignatureVerdict.KeyUnavailable, 1)));
        account.Advance(Instant);
        Assert.That((Verify(SimulatedApp.Key), vendor.Asked), Is.EqualTo((SignatureVerdict.Valid, 2)));
    }

    [Test]
    public void A_known_key_is_fetched_again_in_the_background_after_an_hour_and_a_vendor_that_is_away_changes_nothing()
    {
        Verify(SimulatedApp.Key);
        account.Advance(TimeSpan.FromMinutes(53));
        Verify(SimulatedApp.Key);
        Assert.That(vendor.Asked, Is.EqualTo(1));
        vendor.IsDown = true;
        account.Advance(TimeSpan.FromMinutes(14));

        var (verdict, taken) = app.Timed(() => VerifyAsync(SimulatedApp.Key));

        Assert.That((verdict, taken), Is.EqualTo((SignatureVerdict.Valid, TimeSpan.Zero)), "nobody waits for it");
        Assert.That(vendor.Asked, Is.EqualTo(2));
        account.Advance(TimeSpan.FromDays(30));
        Assert.That(Verify(SimulatedApp.Key), Is.EqualTo(SignatureVerdict.Valid));
    }

    private SignatureVerdict Verify(string key, string hash = "SHA256") => app.Run(() => VerifyAsync(key, hash));

    private async Task<SignatureVerdict> VerifyAsync(string key, string hash = "SHA256")
    {
        var name = new HashAlgorithmName(hash);
        var value = new byte[SignatureAlgorithms.HashSize(name)];
        CryptographicOperations.HmacData(name, Encoding.UTF8.GetBytes(key), Body, value);
        return await app.Get<SignatureVerifier>().VerifyAsync(new ParsedSignature(name, value), Body);
    }
}

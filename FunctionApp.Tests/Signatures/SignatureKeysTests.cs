using System.Text;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

/// <summary>Where the signature key comes from, how it follows changes, and how seldom Syskit Point is asked.</summary>
internal sealed class SignatureKeysTests
{
    private KeysUnderTest app = null!;

    [SetUp]
    public async Task StartAsync() => app = await KeysUnderTest.StartAsync();

    [TearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [Test]
    public async Task The_key_is_the_text_of_the_options_and_is_fetched_once()
    {
        Assert.That(await app.TextsAsync(), Is.EqualTo([app.Point.SignatureKey]));
        await app.TextsAsync();
        Assert.That(app.Point.CallLog, Is.EqualTo(["GET /v1.0/options"]));
        Assert.That(app.Keys.Status, Is.EqualTo(new SignatureKeyStatus("options", app.Time.GetUtcNow(), null, null, null)));
    }

    [Test]
    public async Task The_key_of_the_setting_is_used_as_it_is_and_nothing_is_fetched()
    {
        await using var configured = await KeysUnderTest.StartAsync(new() { ["Point:SignatureKey"] = "the-key" });
        Assert.That(await configured.TextsAsync(), Is.EqualTo(["the-key"]));
        Assert.That(await configured.RefreshAsync(), Is.EqualTo(["the-key"]));
        Assert.That(configured.Point.Calls, Is.Zero);
        Assert.That(configured.Keys.Status, Is.EqualTo(new SignatureKeyStatus("setting", null, null, null, null)));
    }

    [Test]
    public async Task The_key_is_fetched_again_in_the_background_after_about_an_hour()
    {
        await app.TextsAsync();
        app.Time.Advance(TimeSpan.FromMinutes(53));
        await app.TextsAsync();
        Assert.That(app.Point.Calls, Is.EqualTo(1));

        var before = app.Point.SignatureKey;
        var after = app.Point.RotateKey();
        app.Time.Advance(TimeSpan.FromMinutes(14));
        Assert.That(await app.TextsAsync(), Is.EqualTo([before]), "nobody waits for it");
        await Eventually.BecomesAsync(app.TextsAsync, texts => texts.SequenceEqual([after, before]), "both keys are accepted");
        Assert.That(app.Point.Calls, Is.EqualTo(2));
    }

    [Test]
    public async Task The_key_before_is_accepted_for_a_day()
    {
        var before = (await app.TextsAsync()).Single();
        var after = app.Point.RotateKey();
        Assert.That(await app.RefreshAsync(), Is.EqualTo([after, before]));
        Assert.That(app.Keys.Status.PreviousUntil, Is.EqualTo(app.Time.GetUtcNow().AddHours(24)));
        app.Time.Advance(FetchedKeys.PreviousKeyLifetime - TimeSpan.FromSeconds(1));
        Assert.That(await app.TextsAsync(), Is.EqualTo([after, before]));
        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await app.TextsAsync(), Is.EqualTo([after]));
        Assert.That(app.Keys.Status.PreviousUntil, Is.Null);
    }

    [Test]
    public async Task Wrong_signatures_cause_a_few_fetches_at_once_and_then_one_in_thirty_seconds()
    {
        await app.TextsAsync();
        for (var i = 0; i < 100; i++)
            await app.RefreshAsync();
        Assert.That(app.Point.Calls, Is.EqualTo(1 + KeyFetcher.Reserve));
        Assert.That(await app.RefreshAsync(), Is.Null, "it cannot be told");

        for (var second = 0; second < 600; second++)
        {
            app.Time.Advance(TimeSpan.FromSeconds(1));
            await app.RefreshAsync();
        }

        Assert.That(app.Point.Calls, Is.EqualTo(1 + KeyFetcher.Reserve + 20));
    }

    [Test]
    public async Task A_change_right_behind_a_forgery_is_seen_at_once()
    {
        await app.TextsAsync();
        await app.RefreshAsync();
        var after = app.Point.RotateKey();
        Assert.That((await app.RefreshAsync())?[0], Is.EqualTo(after));
    }

    [Test]
    public async Task A_signature_is_not_judged_by_an_answer_to_a_question_asked_before_it_came()
    {
        await app.TextsAsync();
        // The first question's answer is held back, and tells the key from before the change.
        var before = app.Point.SignatureKey;
        var asked = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        app.Point.Answer = _ => app.Point.Calls == 2 ? new Held(asked, release, before) : null;
        var forgery = app.RefreshAsync();
        await asked.Task;
        var after = app.Point.RotateKey();
        var genuine = app.RefreshAsync();
        release.SetResult();
        Assert.That(await forgery, Is.EqualTo([before]));
        Assert.That((await genuine)?[0], Is.EqualTo(after));
    }

    [Test]
    public async Task A_hundred_wrong_signatures_at_once_share_two_fetches_at_most()
    {
        await app.TextsAsync();
        var after = app.Point.RotateKey();
        // The vendor answers when all have asked: how fast this machine is decides nothing.
        using var all = new ManualResetEventSlim();
        app.Point.Answer = _ =>
        {
            all.Wait();
            return null;
        };
        var asking = Enumerable.Range(0, 100).Select(_ => app.RefreshAsync()).ToList();
        all.Set();
        var seen = await Task.WhenAll(asking);
        Assert.That(seen.Select(texts => texts?[0]), Is.All.EqualTo(after));
        Assert.That(app.Point.Calls, Is.LessThanOrEqualTo(3));
    }

    [Test]
    public async Task When_the_pace_does_not_allow_a_fetch_one_can_wait_until_it_does()
    {
        await app.TextsAsync();
        for (var i = 0; i <= KeyFetcher.Reserve; i++)
            await app.RefreshAsync();
        var after = app.Point.RotateKey();
        Assert.That(await app.RefreshAsync(), Is.Null);
        var waiting = app.Keys.RefreshWhenPossibleAsync();
        app.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(waiting.IsCompleted, Is.False);
        app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Encoding.UTF8.GetString((await waiting)![0]), Is.EqualTo(after));
    }

    [TestCase("""{"webhooksSignatureAuthenticationKey":""}""")]
    [TestCase("""{"webhooksSignatureAuthenticationKey":" "}""")]
    [TestCase("""{"webhooksSignatureAuthenticationKey":null}""")]
    [TestCase("{}")]
    [TestCase("null")]
    public async Task An_empty_or_missing_key_is_never_a_key(string options)
    {
        app.Point.Answer = _ => Results.Text(options, "application/json");
        Assert.That(app.TextsAsync, Throws.TypeOf<SignatureKeyUnavailableException>());
        Assert.That(app.Keys.Status.Failure, Does.Contain("webhooksSignatureAuthenticationKey"));
    }

    [Test]
    public void A_key_from_where_a_redirect_leads_is_never_fetched()
    {
        app.Point.Answer = request => app.Point.Calls == 1
            ? Results.Redirect($"{request.Scheme}://{request.Host}{request.Path}?elsewhere", preserveMethod: true)
            : null;
        Assert.That(app.TextsAsync, Throws.TypeOf<SignatureKeyUnavailableException>());
        Assert.That(app.Keys.Status.Failure, Does.Contain("with a redirect to 127.0.0.1, which is not followed"));
        Assert.That(app.Point.Calls, Is.EqualTo(1));
    }

    [Test]
    public async Task After_a_failure_nothing_is_asked_for_thirty_seconds_and_the_failure_is_shown_until_it_is_over()
    {
        app.Point.Answer = _ => Results.StatusCode(403);
        Assert.That(app.TextsAsync, Throws.TypeOf<SignatureKeyUnavailableException>());
        Assert.That(app.TextsAsync, Throws.TypeOf<SignatureKeyUnavailableException>());
        Assert.That(app.Point.Calls, Is.EqualTo(1));
        Assert.That(app.Keys.Status, Has.Property("FailedAt").EqualTo(app.Time.GetUtcNow()).And.Property("Failure").Contains("Point.Admin"));

        app.Point.Answer = _ => null;
        app.Time.Advance(KeyFetcher.Throttle);
        Assert.That(await app.TextsAsync(), Is.EqualTo([app.Point.SignatureKey]));
        Assert.That(app.Keys.Status, Has.Property("FailedAt").Null.And.Property("FetchedAt").EqualTo(app.Time.GetUtcNow()));
    }

    [Test]
    public async Task A_known_key_outlives_a_Syskit_Point_that_does_not_answer()
    {
        await app.TextsAsync();
        app.Point.Answer = _ => Results.StatusCode(403);
        app.Time.Advance(TimeSpan.FromHours(30));
        Assert.That(await app.TextsAsync(), Is.EqualTo([app.Point.SignatureKey]));
        await Eventually.TrueAsync(() => app.Keys.Status.FailedAt is not null, "the failure is noted");
        Assert.That(await app.RefreshAsync(), Is.Null);
        Assert.That(await app.TextsAsync(), Is.EqualTo([app.Point.SignatureKey]));
    }

    private sealed class Held(TaskCompletionSource asked, TaskCompletionSource release, string key) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            asked.SetResult();
            await release.Task;
            await httpContext.Response.WriteAsJsonAsync(new { webhooksSignatureAuthenticationKey = key });
        }
    }
}

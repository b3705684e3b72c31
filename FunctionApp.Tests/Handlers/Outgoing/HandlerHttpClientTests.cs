using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Outgoing;

/// <summary>What is repeated at once, how long an answer is waited for, and how much of it is read.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HandlerHttpClientTests
{
    private const int LongestAnswer = 4 * 1024 * 1024;

    private Receiver receiver = null!;

    [SetUp]
    public async Task StartAsync() => receiver = await Receiver.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => receiver.DisposeAsync();

    [TestCase(500)]
    [TestCase(503)]
    public async Task Reading_that_fails_for_a_moment_is_tried_again_at_once(int status)
    {
        await using var jira = Reading(TimeProvider.System);
        receiver.Answer(status).Answer(200, """{"issues":[]}""");

        Assert.That(await jira.RunAsync(SentEvent.Failed()), Is.EqualTo("No ticket for this event"));
        Assert.That(receiver.Requests.Select(request => request.Method), Is.EqualTo(["GET", "GET"]));
    }

    [Test]
    public async Task Reading_whose_answer_is_lost_is_tried_again_at_once()
    {
        await using var jira = Reading(TimeProvider.System);
        receiver.LoseAnswer().Answer(200, """{"issues":[]}""");

        Assert.That(await jira.RunAsync(SentEvent.Failed()), Is.EqualTo("No ticket for this event"));
        Assert.That(receiver.Requests, Has.Count.EqualTo(2));
    }

    [TestCase(429, 77)]
    [TestCase(429, null)]
    [TestCase(503, 77)]
    public async Task Whoever_asks_for_patience_is_not_asked_again_in_the_same_run(int status, int? seconds)
    {
        await using var jira = Reading(TimeProvider.System);
        (string, string)[] header = seconds is { } given ? [("Retry-After", given.ToString(CultureInfo.InvariantCulture))] : [];
        receiver.Answer(status, "", header).Answer(200, """{"issues":[]}""");

        var failure = await jira.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(failure.RetryAfter, Is.EqualTo(seconds is null ? null : (TimeSpan?)TimeSpan.FromSeconds(seconds.Value)));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_writes_and_is_not_answered_is_given_up_after_twenty_seconds()
    {
        var time = new FakeTimeProvider();
        await using var target = new HandlerRuns("Http", time, new Dictionary<string, string?> { ["Url"] = receiver.Url });
        receiver.NeverAnswer();
        var run = target.FailAsync<TransientFailureException>(SentEvent.Failed());
        await Eventually.TrueAsync(() => !receiver.Requests.IsEmpty, "it is called");

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.That((await run).Message, Does.StartWith("The receiver did not answer POST to 127.0.0.1: ").And.Contains("00:00:20"));
        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_answer_that_has_begun_and_does_not_end_is_given_up_after_twenty_seconds_too()
    {
        var time = new FakeTimeProvider();
        await using var target = new HandlerRuns("Http", time, new Dictionary<string, string?> { ["Url"] = receiver.Url });
        var begun = new TaskCompletionSource();
        receiver.Answers.Enqueue(async context =>
        {
            await context.Response.WriteAsync("O");
            await context.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        var run = target.FailAsync<TransientFailureException>(SentEvent.Failed());
        await begun.Task;

        time.Advance(TimeSpan.FromSeconds(20));

        Assert.That((await run).Message, Does.StartWith("The receiver did not answer POST to 127.0.0.1: ").And.Contains("00:00:20"));
    }

    [Test]
    public async Task Reading_whose_answer_breaks_off_is_tried_again_at_once_and_twice_at_most()
    {
        await using var jira = Reading(TimeProvider.System);
        receiver.BreakOff().Answer(500).Answer(500).Answer(200, """{"issues":[]}""");

        await jira.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(receiver.Requests, Has.Count.EqualTo(3), "twice, and not more often");
    }

    [Test]
    public async Task A_limit_of_the_clients_own_is_said_to_be_no_answer()
    {
        await using var handler = new HandlerUnderTest("Http", [("Url", receiver.Url)], services => services
            .AddHttpClient("http-test").AddHttpMessageHandler(() => new CancellingHandler()));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Does.StartWith("The receiver did not answer POST to 127.0.0.1: "));
    }

    [Test]
    public async Task What_a_system_sets_as_a_cookie_does_not_go_back()
    {
        await using var handler = new HandlerUnderTest("Http", [("Url", receiver.Url)]);
        receiver.Answer(200, "", ("Set-Cookie", "session=1"));

        await handler.HandleAsync();
        await handler.HandleAsync();

        Assert.That(receiver.Requests.Select(request => request.Headers.ContainsKey("Cookie")), Is.EqualTo([false, false]));
    }

    [Test]
    public async Task Reading_that_is_not_answered_is_given_up_after_forty_seconds_with_all_its_attempts()
    {
        var time = new FakeTimeProvider();
        await using var jira = Reading(time);
        receiver.NeverAnswer().NeverAnswer().NeverAnswer();
        var run = jira.FailAsync<TransientFailureException>(SentEvent.Failed());
        await Eventually.TrueAsync(() => !receiver.Requests.IsEmpty, "it is called");

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return run.IsCompleted;
            },
            "it is given up");

        Assert.That((await run).Message, Does.StartWith("Jira did not answer GET to 127.0.0.1: ").And.Contains("00:00:40"));
    }

    [Test]
    public async Task An_answer_of_four_mebibytes_is_read_and_no_longer_one()
    {
        await using var handler = new HandlerUnderTest("Http", [("Url", receiver.Url)]);
        receiver.Answer(200, new string('x', LongestAnswer)).Answer(200, new string('x', LongestAnswer + 1));

        await handler.HandleAsync();
        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Does.StartWith("The receiver did not answer POST to 127.0.0.1: "));
    }

    [Test]
    public async Task What_is_too_long_to_be_read_is_not_asked_for_again()
    {
        await using var jira = Reading(TimeProvider.System);
        receiver.Answer(200, new string('x', LongestAnswer + 1)).Answer(200, """{"issues":[]}""");

        await jira.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(receiver.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("utf8", "utf-8")]
    [TestCase("utf-7", "utf-8")]
    [TestCase("windows-1252", "utf-8")]
    [TestCase("\"utf-8\"", "utf-8")]
    [TestCase("iso-8859-1", "iso-8859-1")]
    public async Task An_answer_is_read_whatever_charset_it_names(string charset, string encoding)
    {
        await using var jira = Reading(new MovableTime());
        receiver.Answers.Enqueue(async context =>
        {
            context.Response.StatusCode = 400;
            context.Response.ContentType = $"application/json; charset={charset}";
            await context.Response.Body.WriteAsync(Encoding.GetEncoding(encoding).GetBytes("""{"errorMessages":["Größe"]}"""));
        });

        var failure = await jira.FailAsync<PermanentFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Is.EqualTo("Jira answered GET to 127.0.0.1 with 400: Größe"));
    }

    [TestCase("utf8")]
    [TestCase("utf-7")]
    [TestCase("windows-1252")]
    public async Task What_had_its_effect_has_not_failed_whatever_charset_its_answer_names(string charset)
    {
        await using var handler = new HandlerUnderTest("Http", [("Url", receiver.Url)]);
        receiver.Answer(200, "<p>Danke schön</p>", ("Content-Type", $"text/html; charset={charset}"));

        var context = await handler.HandleAsync();

        Assert.That(context.Effect?.Text, Is.EqualTo("Sent to 127.0.0.1"));
    }

    private HandlerRuns Reading(TimeProvider time) => new("Jira", time, new Dictionary<string, string?>
    {
        ["Url"] = receiver.Url,
        ["Token"] = "token",
        ["Jql"] = "labels = {{ workspaceId }}",
        ["SearchLagSeconds"] = "0",
    });
}

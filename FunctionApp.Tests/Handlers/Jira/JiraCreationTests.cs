using PointWebhooks.Handlers;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>Without a ticket one is opened, once, although the search does not know what is new.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraCreationTests
{
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, string?> Creating = new()
    {
        ["Create:Project"] = "TASK",
        ["Create:IssueType"] = "Task",
        ["Create:Labels"] = "syskit-point {{ workspaceId }}",
        ["Create:Fields:priority"] = """{"name":"High"}""",
    };

    [Test]
    public async Task A_failed_provisioning_gets_a_ticket_and_one_that_succeeded_gets_none()
    {
        await using var test = await StartAsync();
        var failed = SentEvent.Failed();

        var effect = await test.Handler.RunAsync(failed);
        await test.Handler.RunAsync(SentEvent.Completed("https://contoso.sharepoint.com/sites/phoenix"));

        var issue = test.Jira.Issues.Single();
        Assert.Multiple(() =>
        {
            Assert.That(effect, Is.EqualTo("Opened TASK-1"));
            Assert.That(issue.Summary, Is.EqualTo("The team Project Phoenix could not be provisioned"));
            Assert.That(issue.Description, Does.Contain("Syskit Point says: The alias is already in use."));
            Assert.That(issue.Labels, Has.Count.EqualTo(3).And.Contains("syskit-point").And.Contains($"point-event-{failed.Id}-jira-test"));
            Assert.That(issue.Fields["priority"]!["name"]!.ToString(), Is.EqualTo("High"));
        });
    }

    [Test]
    public async Task An_event_of_every_type_gets_a_ticket_where_the_settings_say_so()
    {
        await using var test = await StartAsync(new(Creating) { ["Create:EventTypes"] = "*" });
        SentEvent[] events =
        [
            SentEvent.Started(),
            SentEvent.Completed("https://contoso.sharepoint.com/sites/phoenix"),
            SentEvent.Failed(),
            SentEvent.Of("WorkspaceArchived", new { name = "Project Phoenix" }),
        ];

        foreach (var one in events)
        {
            Assert.That(test.Handler.Preview(one), Has.Some.StartsWith("Without a ticket: "));
            Assert.That(await test.Handler.RunAsync(one), Does.StartWith("Opened TASK-"));
        }

        Assert.That(test.Jira.Issues, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_ticket_that_a_query_finds_is_not_answered_by_the_event_that_has_opened_it()
    {
        await using var test = await StartAsync(new(Creating)
        {
            ["Jql"] = "project = TASK AND labels = {{ workspaceId }}",
            ["Update:Transition"] = "Start work",
        });
        var failed = SentEvent.Failed();
        test.Time.Advance(TimeSpan.FromHours(1));

        await test.Handler.RunAsync(failed);
        test.Time.Advance(TimeSpan.FromHours(1));
        var again = await test.Handler.RunAsync(failed);
        var other = await test.Handler.RunAsync(SentEvent.Failed());

        var issue = test.Jira.Issues.Single();
        Assert.That((again, other), Is.EqualTo(("Had opened TASK-1", "Commented on, Moved TASK-1")));
        Assert.That((issue.Comments.Count, issue.Status), Is.EqualTo((1, "In Progress")));
    }

    [Test]
    public async Task A_field_that_the_event_makes_nothing_of_is_not_sent()
    {
        await using var test = await StartAsync(new(Creating) { ["Create:Fields:customfield_10010"] = "{{ url }}" });

        await test.Handler.RunAsync(SentEvent.Failed());

        var sent = test.Calls.Made.Single(call => call.Step == "create").Request.Json!["fields"]!.AsObject();
        Assert.That(sent.ContainsKey("customfield_10010"), Is.False);
    }

    [Test]
    public async Task Summary_and_description_are_in_the_words_of_the_settings()
    {
        await using var test = await StartAsync(
            new(Creating) { ["Create:Summary"] = "{{ name }} failed", ["Create:Description"] = "Because: {{ error }}" });

        await test.Handler.RunAsync(SentEvent.Failed());

        var issue = test.Jira.Issues.Single();
        Assert.That(
            (issue.Summary, issue.Description), Is.EqualTo(("Project Phoenix failed", "Because: The alias is already in use.")));
    }

    [Test]
    public async Task A_ticket_whose_creation_was_not_answered_is_waited_for_and_found()
    {
        await using var test = await StartAsync();
        var failed = SentEvent.Failed();
        test.Calls.Disturb("create", DownstreamFault.LostAnswer);

        var lost = await test.Handler.FailAsync<TransientFailureException>(failed);
        var (first, soon) = (test.Time.GetUtcNow(), TimeSpan.FromSeconds(10));
        test.Time.Advance(soon);
        var waiting = await test.Handler.FailAsync<TransientFailureException>(failed, lastRunAt: first);
        test.Time.Advance(waiting.RetryAfter!.Value);
        var effect = await test.Handler.RunAsync(failed, lastRunAt: first + soon);

        Assert.That((lost.RetryAfter > Lag, lost.ConcernsEventAlone), Is.EqualTo((true, true)));
        Assert.That((waiting.RetryAfter > Lag, waiting.ConcernsEventAlone), Is.EqualTo((true, true)));
        Assert.That(effect, Is.EqualTo("Had opened TASK-1"));
        Assert.That((test.Jira.Issues.Count, test.Calls.Count("create")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_ticket_that_was_moved_to_another_project_is_found_there()
    {
        await using var test = await StartAsync();
        var failed = SentEvent.Failed();
        var moved = test.Jira.Add("ITSM", "The team Project Phoenix could not be provisioned", $"point-event-{failed.Id}-jira-test");
        test.Time.Advance(TimeSpan.FromHours(1));

        Assert.That(await test.Handler.RunAsync(failed), Is.EqualTo($"Had opened {moved.Key}"));
        Assert.That(test.Calls.Count("create"), Is.Zero);
    }

    [Test]
    public async Task A_ticket_whose_creation_never_arrived_is_opened_after_the_wait()
    {
        await using var test = await StartAsync();
        var failed = SentEvent.Failed();
        test.Calls.Disturb("create", DownstreamFault.LostCall);

        var lost = await test.Handler.FailAsync<TransientFailureException>(failed);
        var first = test.Time.GetUtcNow();
        test.Time.Advance(lost.RetryAfter!.Value);
        await test.Handler.RunAsync(failed, lastRunAt: first);

        Assert.That((test.Jira.Issues.Count, test.Calls.Count("create")), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task An_answer_that_is_broken_counts_as_lost()
    {
        await using var test = await StartAsync();
        test.Calls.Disturb("create", DownstreamFault.AnsweredWrongly(201, "{\"key\":"));

        var lost = await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(lost.RetryAfter, Is.GreaterThan(Lag));
    }

    [TestCase(410, typeof(PermanentFailureException))]
    [TestCase(400, typeof(PermanentFailureException))]
    [TestCase(500, typeof(TransientFailureException))]
    [TestCase(401, typeof(TransientFailureException))]
    [TestCase(403, typeof(TransientFailureException))]
    [TestCase(200, typeof(TransientFailureException))]
    public async Task A_search_that_failed_is_none_that_found_nothing(int status, Type failure)
    {
        await using var test = await StartAsync();
        test.Calls.Disturb("search", DownstreamFault.Refused(status, "{}"), times: 3);

        Assert.ThrowsAsync(Is.TypeOf(failure), () => test.Handler.RunAsync(SentEvent.Failed()));

        Assert.That(test.Calls.Count("create"), Is.Zero);
    }

    [Test]
    public async Task Too_many_calls_are_followed_by_the_pause_that_was_asked_for()
    {
        await using var test = await StartAsync();
        test.Calls.Disturb("create", DownstreamFault.Throttled(TimeSpan.FromSeconds(77)));

        var failure = await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That((failure.RetryAfter, failure.ConcernsEventAlone), Is.EqualTo((TimeSpan.FromSeconds(77), false)));
        Assert.That(failure.Message, Is.EqualTo("Jira answered POST to 127.0.0.1 with 429."), "a page says nothing");
    }

    [TestCase("Create:Project", "NOPE", "project: valid project is required")]
    [TestCase("Create:IssueType", "Epic", "issuetype: Specify a valid issue type")]
    [TestCase("Create:Fields:nonsense", "1", "nonsense: Field 'nonsense' cannot be set. It is not on the appropriate screen, or unknown.")]
    public async Task What_Jira_will_never_take_is_permanent_in_its_own_words(string setting, string value, string words)
    {
        await using var test = await StartAsync(new(Creating) { [setting] = value });

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Does.Contain("with 400").And.EndsWith(words));
    }

    [Test]
    public async Task A_summary_is_one_line_of_255_characters_and_a_text_is_no_markup()
    {
        await using var test = await StartAsync();

        await test.Handler.RunAsync(SentEvent.Failed("line one\nline two {code}", new string('x', 400) + "\nmore"));

        var issue = test.Jira.Issues.Single();
        Assert.That(issue.Summary, Has.Length.EqualTo(255).And.EndsWith("…"));
        Assert.That(issue.Description, Does.Contain("line one\nline two {code}"));
    }

    [Test]
    public async Task A_field_whose_template_is_text_stays_text_whatever_the_name_is()
    {
        await using var test = await StartAsync(new(Creating)
        {
            ["Create:Fields:customfield_10010"] = "{{ name }}",
            ["Create:Fields:priority"] = """{"name":"{{ name }}"}""",
        });

        await test.Handler.RunAsync(SentEvent.Failed(name: """{"id":"1"}"""));

        var fields = test.Jira.Issues.Single().Fields;
        Assert.That(fields["customfield_10010"]!.GetValue<string>(), Is.EqualTo("""{"id":"1"}"""));
        Assert.That(fields["priority"]!["name"]!.GetValue<string>(), Is.EqualTo("""{"id":"1"}"""));
    }

    [Test]
    public async Task A_key_that_leads_nowhere_is_no_error_where_a_ticket_is_opened_instead()
    {
        await using var test = await StartAsync(new(Creating) { ["Create:EventTypes"] = "ProvisioningCompleted" });

        await test.Handler.RunAsync(SentEvent.Completed("https://contoso.sharepoint.com/sites/HR-2024"));

        Assert.That(test.Jira.Issues, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_preview_shows_what_is_sent_and_asks_nobody()
    {
        await using var test = await StartAsync();

        var preview = test.Handler.Preview(SentEvent.Failed());

        Assert.That(preview, Has.Count.EqualTo(2).And.Some.Contains("\"summary\": \"The team Project Phoenix could not be provisioned\""));
        Assert.That(test.Calls.Made, Is.Empty);
    }

    [Test]
    public async Task Each_event_has_a_ticket_of_its_own_also_at_once()
    {
        await using var test = await StartAsync();
        SentEvent[] events = [SentEvent.Failed(), SentEvent.Failed()];

        await Task.WhenAll(events.Select(one => test.Handler.RunAsync(one)));

        Assert.That(test.Jira.Issues, Has.Count.EqualTo(2));
    }

    private static Task<JiraUnderTest> StartAsync(Dictionary<string, string?>? settings = null) => JiraUnderTest.StartAsync(
        new(settings ?? Creating) { ["SearchLagSeconds"] = "120" }, prepare: jira => jira.SearchLag = TimeSpan.FromMinutes(1));
}

using PointWebhooks.Handlers;
using PointWebhooks.Handlers.ServiceNow;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.ServiceNow;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.ServiceNow;

/// <summary>An incident is opened when a workspace could not be provisioned, and resolved when it was after all; over HTTP.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class IncidentTests
{
    private const string Site = "https://contoso.sharepoint.com/sites/phoenix";

    private static readonly DateTimeOffset Before = DateTimeOffset.UtcNow;

    [Test]
    public async Task It_is_opened_by_the_failure_and_resolved_by_the_success_of_the_same_workspace()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Create:Fields:category"] = "software" });
        var others = test.Add("incident", ("correlation_id", ""), ("short_description", "Printer"));

        var opened = await test.Handler.RunAsync(SentEvent.Failed());
        await test.Handler.RunAsync(SentEvent.Completed(Site, name: "Another team"));
        var incident = test.ServiceNow.Incidents[1];
        var state = incident["state"];
        var resolved = await test.Handler.RunAsync(SentEvent.Completed(Site));

        Assert.Multiple(() =>
        {
            Assert.That(opened, Is.EqualTo($"Opened {incident["number"]}"));
            Assert.That(incident["short_description"], Is.EqualTo("The team Project Phoenix could not be provisioned"));
            Assert.That((incident["category"], incident["correlation_display"], state), Is.EqualTo(("software", "Syskit Point", "1")));
            Assert.That(resolved, Is.EqualTo($"Updated {incident["number"]}, state 6"));
            Assert.That((incident["state"], incident["close_code"]), Is.EqualTo(("6", "Solution provided")));
            Assert.That(incident["close_notes"], Does.StartWith("The team Project Phoenix is ready."));
            Assert.That(others["state"], Is.EqualTo("1"));
            Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task A_text_that_is_there_and_empty_is_left_out()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Create:Fields:description"] = "" });

        await test.Handler.RunAsync(SentEvent.Failed());

        var incident = test.ServiceNow.Incidents.Single();
        Assert.That(incident["short_description"], Is.EqualTo("The team Project Phoenix could not be provisioned"));
        Assert.That(incident.GetValueOrDefault("description"), Is.Null.Or.Empty);
    }

    [Test]
    public async Task Whatever_is_done_is_reported_with_the_address_of_the_record()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var failed = SentEvent.Failed();

        var opened = await test.Handler.ReportAsync(failed);
        var again = await test.Handler.ReportAsync(failed, Before);
        var updated = await test.Handler.ReportAsync(SentEvent.Completed(Site));

        var expected = $"/incident.do?sys_id={test.ServiceNow.Incidents.Single()["sys_id"]}";
        Assert.That(new[] { opened, again, updated }.Select(report => report?.Link?.PathAndQuery), Is.All.EqualTo(expected));
    }

    [TestCase("incident", "servicenow-it", "0c2a6fc0e1eb1709f7128469ae6fa743")]
    [TestCase("sc_req_item", "servicenow-it", "e21e00ebdbc7c91f63e95aac7523b923")]
    [TestCase("incident", "servicenow-hr", "65f1ea8c1a93699a031c586c5dd4c562")]
    public void The_id_of_what_an_event_opens_is_the_same_in_all_versions_of_this_app(string table, string handler, string expected) =>
        Assert.That(RecordId.Of("3f2a-17", table, handler), Is.EqualTo(expected));

    [TestCase("6")]
    [TestCase("7")]
    [TestCase("8")]
    public async Task An_incident_that_somebody_resolved_is_left_alone_and_the_next_failure_opens_another(string closed)
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        await test.Handler.RunAsync(SentEvent.Failed());
        test.ServiceNow.Incidents[0]["state"] = closed;

        var effect = await test.Handler.RunAsync(SentEvent.Completed(Site));
        await test.Handler.RunAsync(SentEvent.Failed());

        Assert.That(effect, Is.EqualTo("No record for this event"));
        Assert.That(test.ServiceNow.Incidents.Select(incident => incident["state"]), Is.EqualTo(new[] { closed, "1" }));
        Assert.That(test.ServiceNow.Journal, Is.Empty);
    }

    [Test]
    public async Task A_second_failure_is_a_note_on_the_incident_that_is_open()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        await test.Handler.RunAsync(SentEvent.Failed());

        await test.Handler.RunAsync(SentEvent.Failed("The name is reserved."));

        Assert.That(test.ServiceNow.JournalOf(test.ServiceNow.Incidents.Single(), "work_notes").Single(), Does.Contain("The name is reserved."));
    }

    [Test]
    public async Task Two_failures_of_a_workspace_at_once_open_one_incident()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => test.Handler.RunAsync(SentEvent.Failed())));

        Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(1));
        Assert.That(test.ServiceNow.Journal, Has.Count.EqualTo(3));
    }

    [TestCase(500)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(503)]
    public async Task A_query_that_failed_is_none_that_found_nothing(int status)
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        test.Calls.Disturb("query", DownstreamFault.Refused(status, "{}"), times: 3);

        await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(test.Calls.Count("insert"), Is.Zero);
    }

    [Test]
    public async Task Too_many_calls_are_followed_by_the_pause_that_was_asked_for()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        test.Calls.Disturb("insert", DownstreamFault.Throttled(TimeSpan.FromSeconds(90)));

        var failure = await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(failure.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public async Task A_data_policy_is_permanent_in_ServiceNows_own_words()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Create:Fields:state"] = "6" });

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Does.Contain("with 403: Operation Failed: Data Policy Exception: The following fields are mandatory"));
    }

    [Test]
    public async Task An_instance_that_sleeps_is_waited_for()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(prepare: serviceNow => serviceNow.IsHibernating = true);

        var failure = await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Does.EndWith("with 200: a page instead of data, as an instance that hibernates"));
    }

    [Test]
    public async Task A_transaction_that_was_cut_is_no_answer()
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var failed = SentEvent.Failed();
        test.Calls.Disturb(
            "insert",
            DownstreamFault.AnsweredWrongly(200, """{"error":{"message":"Transaction cancelled: maximum execution time exceeded"}"""));

        await test.Handler.FailAsync<TransientFailureException>(failed);
        await test.Handler.RunAsync(failed, Before);

        Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_record_under_another_id_than_was_asked_for_is_an_error()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(prepare: serviceNow => serviceNow.HonoursSysId = false);

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Failed());

        Assert.That(failure.Message, Does.Contain("another sys_id"));
    }

    [TestCase("^NQactive=true")]
    [TestCase("\"'; javascript:gs.sleep(1) ^OR1=1")]
    [TestCase("javascript:gs.print()")]
    [TestCase("=x")]
    public async Task Whatever_the_name_holds_the_right_incident_is_resolved(string name)
    {
        await using var test = await ServiceNowUnderTest.StartAsync();
        var others = test.Add("incident", ("short_description", "Printer"));

        await test.Handler.RunAsync(SentEvent.Failed(name: name));
        await test.Handler.RunAsync(SentEvent.Completed(Site, name: name));

        Assert.That((test.ServiceNow.Incidents[1]["state"], others["state"]), Is.EqualTo(("6", "1")));
        Assert.That(test.ServiceNow.Scripts, Is.Empty);
    }

    [Test]
    public async Task An_event_of_every_type_opens_one_where_the_settings_say_so()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { ["Create:EventTypes"] = "*" });
        SentEvent[] events =
        [
            SentEvent.Started("One"),
            SentEvent.Completed(Site, "Two"),
            SentEvent.Failed(name: "Three"),
            SentEvent.Of("WorkspaceArchived", new { name = "Four" }),
        ];

        foreach (var one in events)
            Assert.That(await test.Handler.RunAsync(one), Does.StartWith("Opened INC"));

        Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(4));
    }

    [TestCase("Update:WorkNotes", "work_notes")]
    [TestCase("Update:CloseCode", "close_code")]
    [TestCase("Update:CloseNotes", "close_notes")]
    public async Task What_the_settings_say_takes_the_place_of_what_is_usual(string setting, string field)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new() { [setting] = "About {{ name }}" });
        await test.Handler.RunAsync(SentEvent.Failed());

        await test.Handler.RunAsync(SentEvent.Completed(Site));

        var sent = test.Calls.Made.Single(call => call.Step == "update").Request.Json!;
        Assert.That(sent[field]!.GetValue<string>(), Does.StartWith("About Project Phoenix"));
    }

    [Test]
    public async Task OAuth_asks_for_a_token_once_and_again_when_it_is_refused()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(
            OAuth(), serviceNow => serviceNow.Access.AllowsClientCredentials = true);

        await test.Handler.RunAsync(SentEvent.Failed(name: "One"));
        await test.Handler.RunAsync(SentEvent.Failed(name: "Two"));
        var asked = test.Calls.Count("token");
        test.ServiceNow.Access.Bearer = "another";
        var third = SentEvent.Failed(name: "Three");
        await test.Handler.FailAsync<TransientFailureException>(third);
        await test.Handler.RunAsync(third);

        Assert.That((asked, test.Calls.Count("token"), test.ServiceNow.Incidents.Count), Is.EqualTo((1, 2, 3)));
    }

    [Test]
    public async Task OAuth_needs_client_credentials_that_an_administrator_has_allowed()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(OAuth());

        var refused = await test.Handler.FailAsync<TransientFailureException>(SentEvent.Failed());
        test.ServiceNow.Access.AllowsClientCredentials = true;
        await test.Handler.RunAsync(SentEvent.Failed());

        Assert.That(refused.Message, Does.Contain("no access token for this client id and secret"));
        Assert.That(test.ServiceNow.Incidents, Has.Count.EqualTo(1));
    }

    private static Dictionary<string, string?> OAuth() => new()
    {
        ["User"] = null,
        ["Password"] = null,
        ["ClientId"] = ServiceNowAccess.ClientId,
        ["ClientSecret"] = ServiceNowAccess.ClientSecret,
    };
}

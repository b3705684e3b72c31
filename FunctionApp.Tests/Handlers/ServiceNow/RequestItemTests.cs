using PointWebhooks.Handlers;
using PointWebhooks.Settings;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.ServiceNow;

/// <summary>The record that a query finds is answered, and exactly that one; over HTTP.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class RequestItemTests
{
    private static readonly Dictionary<string, string?> ByNumber = new()
    {
        ["Table"] = "sc_req_item",
        ["Query"] = "number={{ url | last_segment }}",
        ["Update:Comments"] = "Your {{ kindName }} is at {{ url }}.",
        ["Update:State"] = "{% if type == 'ProvisioningCompleted' %}3{% endif %}",
        ["Update:Fields:stage"] = "complete",
    };

    [Test]
    public async Task The_request_item_gets_notes_state_and_fields()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);
        var (item, other) = (test.Add("sc_req_item"), test.Add("sc_req_item"));
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}");

        var effect = await test.Handler.RunAsync(completed);

        Assert.Multiple(() =>
        {
            Assert.That(effect, Is.EqualTo($"Updated {item["number"]}, state 3"));
            Assert.That((item["state"], item["stage"], other["state"]), Is.EqualTo(("3", "complete", "1")));
            Assert.That(test.ServiceNow.JournalOf(item, "comments").Single(), Does.StartWith("Your team is at https://").And.Contain(completed.Id));
            Assert.That(test.ServiceNow.JournalOf(item, "work_notes"), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task By_default_nothing_is_opened_and_nothing_is_closed()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(
            new() { ["Table"] = "sc_req_item", ["Query"] = "number={{ url | last_segment }}" });
        var item = test.Add("sc_req_item");

        var failed = await test.Handler.RunAsync(SentEvent.Failed());
        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}"));

        Assert.That((failed, test.Calls.Count("insert")), Is.EqualTo(("No record for this event", 0)));
        var sent = test.Calls.Made.Single(call => call.Step == "update").Request.Json!;
        Assert.That(sent.Select(field => field.Key), Is.EqualTo(["work_notes"]));
    }

    [TestCase("9", "9")]
    [TestCase("4", "3")]
    public async Task Which_states_count_as_closed_is_a_list_of_the_settings(string state, string after)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["ClosedStates"] = "7,9" });
        var item = test.Add("sc_req_item", ("state", state));

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}"));

        Assert.That(item["state"], Is.EqualTo(after));
    }

    [TestCase("R&D")]
    [TestCase("C#")]
    [TestCase("A+B")]
    [TestCase("50%25")]
    [TestCase("x&sysparm_query=state=1")]
    public async Task The_record_is_found_whatever_the_name_means_in_a_url(string name)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "short_description={{ name }}" });
        var (item, other) = (test.Add("sc_req_item", ("short_description", name)), test.Add("sc_req_item"));

        await test.Handler.RunAsync(SentEvent.Started(name));

        Assert.That(
            (test.ServiceNow.JournalOf(item, "work_notes").Count, test.ServiceNow.JournalOf(other, "work_notes").Count),
            Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_request_item_that_is_closed_is_left_alone()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);
        var item = test.Add("sc_req_item", ("state", "4"));

        var effect = await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}"));

        Assert.That((effect, item["state"]), Is.EqualTo(("No record for this event", "4")));
    }

    [Test]
    public async Task A_request_item_that_is_closed_is_answered_when_no_state_counts_as_closed()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["ClosedStates"] = "none" });
        var item = test.Add("sc_req_item", ("state", "4"));
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}");

        var effect = await test.Handler.RunAsync(completed);

        Assert.That(test.Handler.Preview(completed)[0], Is.EqualTo($"GET sc_req_item where number={item["number"]}"));
        Assert.That((effect, item["state"]), Is.EqualTo(($"Updated {item["number"]}, state 3", "3")));
    }

    [Test]
    public async Task A_closed_record_that_comes_in_spite_of_the_condition_is_not_changed()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);
        var item = test.Add("sc_req_item", ("state", "4"));
        test.Calls.Disturb("query", DownstreamFault.AnsweredWrongly(
            200,
            $$$"""
            {"result":[{"sys_id":"{{{item["sys_id"]}}}","number":"{{{item["number"]}}}","state":{"value":"4","display_value":"Closed"}}]}
            """));

        var failure = await test.Handler.FailAsync<PermanentFailureException>(
            SentEvent.Completed($"https://contoso.sharepoint.com/sites/{item["number"]}"));

        Assert.That(failure.Message, Is.EqualTo(
            "The table sc_req_item ignores the condition on state: nothing was changed. Set ClosedStates to none."));
        Assert.That((item["state"], test.Calls.Count("update")), Is.EqualTo(("4", 0)));
    }

    [Test]
    public async Task A_misspelt_field_that_would_let_every_record_through_changes_none()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "u_nmber={{ url | last_segment }}" });
        var item = test.Add("sc_req_item");

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Completed("https://contoso.sharepoint.com/sites/x"));

        Assert.That(failure.Message, Does.Contain("has no field u_nmber"));
        Assert.That((item["state"], test.ServiceNow.Journal.Count), Is.EqualTo(("1", 0)));
    }

    [TestCase("RITM0099999", true)]
    [TestCase("ritm0010001", false)]
    public async Task A_record_that_comes_in_spite_of_the_query_is_not_changed(string asked, bool isAnother)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);
        var item = test.Add("sc_req_item");
        test.Calls.Disturb("query", DownstreamFault.AnsweredWrongly(
            200,
            $$$"""
            {"result":[{"sys_id":"{{{item["sys_id"]}}}","number":"{{{item["number"]}}}","state":{"value":"1","display_value":"Open"}}]}
            """));
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{asked}");

        if (isAnother)
        {
            var failure = await test.Handler.FailAsync<PermanentFailureException>(completed);
            Assert.That(failure.Message, Does.Contain("answered with a record whose number is another one"));
        }
        else
        {
            await test.Handler.RunAsync(completed);
        }

        Assert.That(test.Calls.Count("update"), Is.EqualTo(isAnother ? 0 : 1));
    }

    [Test]
    public async Task A_misspelt_field_beside_one_that_is_right_changes_none_either()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(
            new(ByNumber) { ["Query"] = "correlation_id={{ name }}^u_citySTARTSWITHBern" });
        test.Add("sc_req_item", ("correlation_id", "Project Phoenix"));

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Started());

        Assert.That(failure.Message, Does.Contain("has no field u_city"));
        Assert.That(test.ServiceNow.Journal, Is.Empty);
    }

    [Test]
    public async Task A_query_that_finds_several_touches_none()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "short_description={{ name }}" });
        test.Add("sc_req_item", ("short_description", "Project Phoenix"));
        test.Add("sc_req_item", ("short_description", "Project Phoenix"));

        var failure = await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Completed("https://contoso.sharepoint.com/sites/x"));

        Assert.That(failure.Message, Does.Contain("more than one open record, such as RITM0010001 and RITM0010002"));
        Assert.That(test.ServiceNow.Journal, Is.Empty);
    }

    [Test]
    public async Task A_value_that_the_event_does_not_have_finds_nothing_rather_than_what_is_empty()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "correlation_id={{ correlationId }}" });
        var item = test.Add("sc_req_item", ("correlation_id", ""));

        await test.Handler.RunAsync(SentEvent.Started());

        Assert.That((item["state"], test.Calls.Made.Count), Is.EqualTo(("1", 0)));
    }

    [TestCase("a^NQactive=true")]
    [TestCase("javascript:gs.beginningOfLastYear()")]
    [TestCase("line\nbreak")]
    public async Task A_value_that_could_mean_something_is_not_sent(string name)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "short_description={{ name }}" });

        await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Started(name));

        Assert.That(test.Calls.Made, Is.Empty);
    }

    [Test]
    public async Task A_url_cannot_bring_in_what_it_has_escaped()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);

        await test.Handler.FailAsync<PermanentFailureException>(SentEvent.Completed("https://contoso.sharepoint.com/sites/a%5ENQactive%3Dtrue"));

        Assert.That(test.Calls.Made, Is.Empty);
    }

    [Test]
    public async Task The_preview_shows_query_and_change_and_asks_nobody()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(ByNumber);

        var preview = test.Handler.Preview(SentEvent.Completed("https://contoso.sharepoint.com/sites/RITM0010001"));

        Assert.That(preview[0], Is.EqualTo("GET sc_req_item where number=RITM0010001^stateNOT IN3,4,7"));
        Assert.That(preview[1], Does.Contain("\"state\": \"3\""));
        Assert.That(test.Calls.Made, Is.Empty);
    }

    [TestCase("Url", null, "is missing. Set it to the address of the instance")]
    [TestCase("Url", "https://contoso.service-now.com/api/now", "has a user name, a path, a query or a fragment.")]
    [TestCase("User", null, "is missing. Set User and Password, or ClientId and ClientSecret.")]
    [TestCase("Password", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)", "is a Key Vault reference that was not resolved.")]
    [TestCase("Password", null, "is missing. Set User and Password, or ClientId and ClientSecret.")]
    [TestCase("ClientId", "abc", "is missing. Set ClientId and ClientSecret", "ClientSecret")]
    [TestCase("Table", "sc req", "is 'sc req'. Set it to the name of a table")]
    [TestCase("Query", "active=true^ORnumber={{ name }}", "has ^OR, ^NQ or ^RLQUERY in it.")]
    [TestCase("Query", "number={{ name }}^NQactive=true", "has ^OR, ^NQ or ^RLQUERY in it.")]
    [TestCase("Query", "number={{ name }}^RLQUERYa", "has ^OR, ^NQ or ^RLQUERY in it.")]
    [TestCase("Query", "numberLIKE{{ name }}", "compares no field with a value of the event")]
    [TestCase("Query", "active=true", "compares no field with a value of the event")]
    [TestCase("Query", "numberLIKE{{ name }}^active=true", "compares no field with a value of the event")]
    [TestCase("Query", "number=javascript:{{ name }}", "has javascript: in it")]
    [TestCase("Query", "{% if name %}number={{ name }}{% endif %}", "has {% … %} in it.")]
    [TestCase("Update:CloseCode", "", "is 6 or 7 for an event for which", "Update:State")]
    [TestCase("Update:Fields:state", "2", "is set, and so is Update:State")]
    [TestCase("Create:Fields:sys_id", "2", "is not the name of a field that can be set")]
    [TestCase("ClosedStates", "six seven", "has 'six seven'.")]
    [TestCase("Create:Fields:category", "software", "is missing. Set it to the types of events that open something", "Create:EventTypes", "sc_task")]
    [TestCase("Impact", "1", "is no setting of a handler of kind ServiceNow")]
    public void What_is_wrong_with_the_settings_is_named(string setting, string? value, string problem, string? named = null, string? table = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Table"] = table,
            ["Url"] = "https://contoso.service-now.com",
            ["User"] = "point",
            ["Password"] = "secret",
            [setting] = value,
        };

        var failure = Assert.Throws<SettingsException>(() =>
            new HandlerRuns("ServiceNow", new MovableTime(), settings).DisposeAsync().AsTask().GetAwaiter().GetResult())!;

        Assert.That(failure.Failures, Has.One.StartsWith($"Handlers:ServiceNow:test:{named ?? setting} {problem}"), failure.Message);
    }

    [Test]
    public async Task An_order_is_none_of_them()
    {
        await using var test = await ServiceNowUnderTest.StartAsync(new(ByNumber) { ["Query"] = "number={{ name }}^ORDERBYnumber" });

        Assert.That(test.Handler.Preview(SentEvent.Started())[0], Does.StartWith("GET sc_req_item where number=Project Phoenix^ORDERBYnumber"));
    }

    [TestCase("k<9'vT\"\\")]
    [TestCase("'quoted'")]
    public async Task A_password_may_have_anything_in_it(string password)
    {
        await using var test = await ServiceNowUnderTest.StartAsync(
            new(ByNumber) { ["Password"] = $"{password}\n" }, serviceNow => serviceNow.Access.Password = password);

        Assert.That(await test.Handler.RunAsync(SentEvent.Completed("https://contoso.sharepoint.com/sites/x")), Is.EqualTo("No record for this event"));
    }
}

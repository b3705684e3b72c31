using PointWebhooks.Handlers;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>The ticket that asked for a workspace is answered, over HTTP.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraTicketTests
{
    private static readonly Dictionary<string, string?> Moving = new()
    {
        ["Update:Transition"] = "{% if type == 'ProvisioningCompleted' %}Done{% endif %}",
        ["Update:Fields:customfield_10010"] = "{{ url }}",
    };

    [Test]
    public async Task The_ticket_that_the_url_names_is_commented_moved_on_and_gets_its_fields()
    {
        await using var test = await JiraUnderTest.StartAsync(Moving);
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        var effect = await test.Handler.RunAsync(completed);

        Assert.Multiple(() =>
        {
            Assert.That(effect, Is.EqualTo($"Set fields of, Commented on, Moved {ticket.Key}"));
            Assert.That(ticket.Comments.Single().Text, Is.EqualTo(
                $"The team Project Phoenix is ready.\nIt is at https://contoso.sharepoint.com/sites/{ticket.Key}\nSyskit Point event {completed.Id} (jira-test)"));
            Assert.That(ticket.Comments.Single().IsPublic, Is.False, "customers see no comment that nobody meant for them");
            Assert.That(ticket.Comments.Single().Body.ToJsonString(), Does.Contain("\"type\":\"link\""));
            Assert.That(ticket.Status, Is.EqualTo("Done"));
            Assert.That(ticket.Fields["customfield_10010"]!.ToString(), Does.EndWith(ticket.Key));
        });
    }

    [Test]
    public async Task Of_two_handlers_of_a_ticket_each_has_its_effect_once()
    {
        await using var test = await JiraUnderTest.StartAsync(Moving);
        await using var other = test.Another(new() { ["Update:PublicComment"] = "true", ["Update:Fields:customfield_10010"] = "{{ name }}" });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        for (var run = 0; run < 2; run++)
        {
            await test.Handler.RunAsync(completed);
            await other.RunAsync(completed);
        }

        Assert.That(ticket.Comments.Select(comment => comment.IsPublic), Is.EqualTo([false, true]));
        Assert.That((ticket.Fields["customfield_10010"]!.ToString(), test.Calls.Count("edit")), Is.EqualTo(("Project Phoenix", 2)));
    }

    [Test]
    public async Task A_field_that_an_event_makes_nothing_of_is_left_as_it_is()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new(Moving) { ["Jql"] = "project = ITSM AND labels = {{ name | replace: ' ', '_' }}", ["SearchLagSeconds"] = "0" });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix", "Project_Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));
        var effect = await test.Handler.RunAsync(SentEvent.Started());

        Assert.That(effect, Is.EqualTo($"Commented on {ticket.Key}"));
        Assert.That(ticket.Fields["customfield_10010"]!.ToString(), Does.EndWith(ticket.Key));
    }

    [Test]
    public async Task A_run_that_is_repeated_does_nothing_once_more()
    {
        await using var test = await JiraUnderTest.StartAsync(Moving);
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        await test.Handler.RunAsync(completed);
        await test.Handler.RunAsync(completed);

        Assert.That((ticket.Comments.Count, ticket.History.Count, test.Calls.Count("edit")), Is.EqualTo((1, 1, 1)));
    }

    [TestCase("edit")]
    [TestCase("transition")]
    [TestCase("comment")]
    public async Task A_lost_answer_of_a_step_repeats_no_step(string step)
    {
        await using var test = await JiraUnderTest.StartAsync(Moving);
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");
        test.Calls.Disturb(step, DownstreamFault.LostAnswer);

        await test.Handler.FailAsync<TransientFailureException>(completed);
        await test.Handler.RunAsync(completed);

        Assert.That((ticket.Comments.Count, ticket.History.Count, test.Calls.Count("edit")), Is.EqualTo((1, 1, 1)));
        Assert.That(test.Calls.Count(step), Is.EqualTo(1), "nothing below the handler repeats what writes");
    }

    [Test]
    public async Task A_query_that_leaves_out_what_a_transition_whose_answer_was_lost_has_ended_loses_no_comment_and_opens_nothing()
    {
        await using var test = await JiraUnderTest.StartAsync(new(Moving)
        {
            ["Jql"] = "project = ITSM AND labels = {{ kind }} AND status != \"Done\"",
            ["SearchLagSeconds"] = "0",
            ["Create:Project"] = "TASK",
            ["Create:IssueType"] = "Task",
        });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix", "MicrosoftTeams");
        var completed = SentEvent.Completed("https://contoso.sharepoint.com/sites/phoenix");
        test.Calls.Disturb("transition", DownstreamFault.LostAnswer);

        await test.Handler.FailAsync<TransientFailureException>(completed);
        var again = await test.Handler.RunAsync(completed);

        Assert.That((ticket.Status, ticket.Comments.Count, ticket.History.Count), Is.EqualTo(("Done", 1, 1)));
        Assert.That((again, test.Jira.Issues.Count), Is.EqualTo(("No ticket for this event", 1)));
    }

    [Test]
    public async Task A_transition_that_leads_back_is_not_taken_twice_although_it_could_be()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new() { ["Update:Transition"] = "Again" },
            prepare: jira => jira.Projects.Add(new JiraProject("LOOP")
            {
                Transitions = [new JiraTransition("5", "Again", "To Do", ["To Do"])],
            }));
        var ticket = test.Jira.Add("LOOP", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");
        test.Calls.Disturb("transition", DownstreamFault.LostAnswer);

        await test.Handler.FailAsync<TransientFailureException>(completed);
        await test.Handler.RunAsync(completed);

        Assert.That(ticket.History, Is.EqualTo(new[] { "Again" }));
    }

    [Test]
    public async Task A_ticket_that_hides_its_status_and_its_labels_is_commented_on()
    {
        await using var test = await JiraUnderTest.StartAsync();
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        test.Calls.Disturb("get", DownstreamFault.AnsweredWrongly(200, $$$"""{"id":"10000","key":"{{{ticket.Key}}}","fields":{}}"""));

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(ticket.Comments, Has.Count.EqualTo(1));
    }

    [TestCase("done")]
    [TestCase("DONE")]
    public async Task A_transition_is_known_whatever_its_capitals(string transition)
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Update:Transition"] = transition });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(ticket.Status, Is.EqualTo("Done"));
    }

    [TestCase(100, 0)]
    [TestCase(50, 0)]
    [TestCase(50, 1)]
    public async Task The_comment_is_found_among_hundreds(int mostOfPage, int hidden)
    {
        await using var test = await JiraUnderTest.StartAsync(
            prepare: jira => (jira.MostCommentsOfPage, jira.HiddenComments) = (mostOfPage, hidden));
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");
        var first = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");
        await test.Handler.RunAsync(first);
        ticket.Comments.InsertRange(0, Enumerable.Repeat(ticket.Comments[0] with { Body = "Something else." }, 230));

        await test.Handler.RunAsync(first);

        Assert.That(ticket.Comments, Has.Count.EqualTo(231));
    }

    [Test]
    public async Task A_workflow_that_refuses_does_not_keep_the_requester_from_being_told()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new() { ["Update:Transition"] = "Done" },
            prepare: jira => jira.Projects.Add(new JiraProject("HARD")
            {
                Transitions = [new JiraTransition("7", "Resolve", "Done", ["To Do"], RequiredField: "resolution")],
            }));
        var ticket = test.Jira.Add("HARD", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        var failure = await test.Handler.FailAsync<PermanentFailureException>(completed);

        Assert.That(failure.Message, Does.Contain("400").And.Contain("resolution is required."));
        Assert.That(ticket.Comments, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fields_that_were_refused_are_set_by_a_replay_and_nothing_else_is_done_again()
    {
        await using var test = await JiraUnderTest.StartAsync(Moving);
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");
        test.Calls.Disturb("edit", DownstreamFault.Refused(400));

        await test.Handler.FailAsync<PermanentFailureException>(completed);
        await test.Handler.RunAsync(completed);

        Assert.That(ticket.Fields["customfield_10010"]?.ToString(), Does.EndWith(ticket.Key));
        Assert.That((ticket.Comments.Count, ticket.History.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_transition_takes_the_fields_that_it_needs()
    {
        await using var test = await JiraUnderTest.StartAsync(
            new() { ["Update:Transition"] = "Done", ["Update:TransitionFields:resolution"] = """{"name":"Done"}""" },
            prepare: jira => jira.Projects.Add(new JiraProject("HARD")
            {
                Transitions = [new JiraTransition("7", "Resolve", "Done", ["To Do"], RequiredField: "resolution")],
            }));
        var ticket = test.Jira.Add("HARD", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(ticket.Fields["resolution"]!.ToJsonString(), Is.EqualTo("""{"name":"Done"}"""));
    }

    [Test]
    public async Task An_unknown_transition_is_permanent_and_names_those_that_there_are()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Update:Transition"] = "Shipped" });
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");

        var failure = await test.Handler.FailAsync<PermanentFailureException>(
            SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(failure.Message, Does.Contain("'Shipped'").And.Contain("'Start work' to 'In Progress'"));
    }

    [Test]
    public async Task An_unknown_field_is_permanent_in_Jiras_own_words()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Update:Fields:nonsense"] = "1" });
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");

        var failure = await test.Handler.FailAsync<PermanentFailureException>(
            SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(failure.Message, Does.Contain("nonsense: Field 'nonsense' cannot be set."));
    }

    [Test]
    public async Task A_ticket_is_commented_on_in_the_words_of_the_settings()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Update:Comment"] = "{{ name }} is yours." });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");
        var completed = SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}");

        await test.Handler.RunAsync(completed);

        Assert.That(ticket.Comments.Single().Text, Is.EqualTo($"Project Phoenix is yours.\nSyskit Point event {completed.Id} (jira-test)"));
    }

    [Test]
    public async Task A_comment_is_public_when_the_settings_say_so()
    {
        await using var test = await JiraUnderTest.StartAsync(new() { ["Update:PublicComment"] = "true" });
        var ticket = test.Jira.Add("ITSM", "A team for Phoenix");

        await test.Handler.RunAsync(SentEvent.Completed($"https://contoso.sharepoint.com/sites/{ticket.Key}"));

        Assert.That(ticket.Comments.Single().IsPublic, Is.True);
    }

    [Test]
    public async Task Two_events_at_once_each_comment_once()
    {
        await using var test = await JiraUnderTest.StartAsync();
        var ticket = test.Jira.Add("TASK", "A team for Phoenix");
        var url = $"https://contoso.sharepoint.com/sites/{ticket.Key}";
        SentEvent[] both = [SentEvent.Completed(url), SentEvent.Completed(url)];

        await Task.WhenAll(both.Select(one => test.Handler.RunAsync(one)));

        foreach (var one in both)
            Assert.That(ticket.Comments, Has.Exactly(1).Matches<JiraComment>(comment => comment.Text.Contains(one.Id)));
    }
}

using System.Text.Json;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Handlers.Teams;

/// <summary>Cards, as a workflow of Teams receives them.</summary>
internal sealed class TeamsHandlerTests
{
    private Receiver workflow = null!;

    [SetUp]
    public async Task StartAsync() => workflow = await Receiver.StartAsync();

    [TearDown]
    public ValueTask StopAsync() => workflow.DisposeAsync();

    [Test]
    public async Task A_card_says_what_happened_with_facts_and_a_link()
    {
        await using var handler = Handler();
        var context = await handler.HandleAsync("ProvisioningCompleted");

        var request = workflow.Requests.Single();
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
        var message = JsonElement.Parse(request.Text);
        Assert.That(message.GetProperty("type").GetString(), Is.EqualTo("message"));
        var attachment = message.GetProperty("attachments").EnumerateArray().Single();
        Assert.That(attachment.GetProperty("contentType").GetString(), Is.EqualTo("application/vnd.microsoft.card.adaptive"));
        var card = attachment.GetProperty("content");
        Assert.That(Lines(card), Is.EqualTo(
        [
            "The team Project Phoenix is ready", "Workspace: Project Phoenix", "Kind: team",
            "Address: https://contoso.sharepoint.com/sites/project-phoenix", Lines(card)[4],
        ]));
        Assert.That(Lines(card)[4], Does.Match(@"^Time: \d{4}-\d\d-\d\d \d\d:\d\d UTC$"));
        var action = card.GetProperty("actions").EnumerateArray().Single();
        Assert.That(action.GetProperty("type").GetString(), Is.EqualTo("Action.OpenUrl"));
        Assert.That(action.GetProperty("url").GetString(), Is.EqualTo("https://contoso.sharepoint.com/sites/project-phoenix"));
        Assert.That(action.GetProperty("title").GetString(), Is.EqualTo("Open the team"));
        Assert.That(context.Effect!.Text, Is.EqualTo("Gave a card to the workflow"));
    }

    [Test]
    public async Task A_failure_says_why()
    {
        await using var handler = Handler();
        await handler.HandleAsync("ProvisioningFailed");

        var card = Card();
        Assert.That(Lines(card), Does.Contain("The team Project Phoenix could not be provisioned").And.Contain("Error: The alias is already in use."));
        Assert.That(card.GetProperty("actions").EnumerateArray().Single().GetProperty("title").GetString(), Is.EqualTo("Open Syskit Point"));
    }

    [TestCase(
        """{"type":"ProvisioningFailed","content":{"name":"Phoenix","type":"MicrosoftTeams","error":"No.","correlationId":"c-1"},"meta":{"timeStamp":"2026-05-01T11:59:00"}}""",
        "The team Phoenix could not be provisioned|Workspace: Phoenix|Kind: team|Error: No.|Correlation id: c-1|Time: 2026-05-01 11:59 UTC")]
    [TestCase(
        """{"type":"ProvisioningStarted","content":{"name":"Phoenix","type":"MicrosoftTeams","requesterId":"ada@contoso.example"},"meta":{"timeStamp":"2026-05-01T11:59:00"}}""",
        "The team Phoenix is being provisioned|Workspace: Phoenix|Kind: team|Requested by: ada@contoso.example|Time: 2026-05-01 11:59 UTC")]
    public async Task Each_fact_is_that_of_the_event(string body, string lines)
    {
        await using var handler = Handler(("EventTypes", "*"));

        await handler.HandleAsync(HandlerUnderTest.Body(body));

        Assert.That(string.Join('|', Lines(Card())), Is.EqualTo(lines));
    }

    [Test]
    public async Task A_card_has_the_form_that_Teams_shows()
    {
        await using var handler = Handler(("Text", "Look."), ("Link", "https://contoso.example/phoenix"));

        await handler.HandleAsync(HandlerUnderTest.Body(
            """{"type":"ProvisioningCompleted","content":{"name":"Phoenix","type":"MicrosoftTeams"},"meta":{"timeStamp":"2026-05-01T11:59:00"}}"""));

        ApprovedText.Check("Handlers/Teams/Approved/card.json", workflow.Requests.Single().Text);
    }

    [Test]
    public async Task A_link_that_is_too_long_is_left_out_rather_than_cut()
    {
        await using var handler = Handler(("Link", $"https://contoso.example/{new string('x', 5000)}"));

        await handler.HandleAsync();

        Assert.That(Card().TryGetProperty("actions", out _), Is.False);
    }

    [Test]
    public async Task A_title_that_an_event_makes_nothing_of_is_its_type()
    {
        await using var handler = Handler(("Title", "{{ error }}"));

        await handler.HandleAsync("ProvisioningCompleted");

        Assert.That(Lines(Card())[0], Is.EqualTo("ProvisioningCompleted"));
    }

    [Test]
    public async Task Its_texts_come_from_the_settings()
    {
        await using var handler = Handler(
            ("Payload", "Card"), ("Title", "{{ name }} is there"), ("Text", "Look at {{ url }}"), ("Link", ""), ("Facts:Ticket_number", "{{ url | last_segment }}"));
        await handler.HandleAsync();

        var card = JsonElement.Parse(workflow.Requests.Single().Text);
        Assert.That(card.GetProperty("type").GetString(), Is.EqualTo("AdaptiveCard"));
        Assert.That(Lines(card)[..2], Is.EqualTo(["Project Phoenix is there", "Look at https://contoso.sharepoint.com/sites/project-phoenix"]));
        Assert.That(Lines(card), Does.Contain("Ticket number: project-phoenix"));
        Assert.That(card.TryGetProperty("actions", out _), Is.False);
    }

    [TestCase("https://contoso.example/{{ kind }}", "https://contoso.example/MicrosoftTeams")]
    [TestCase("http://contoso.example/", "http://contoso.example/")]
    [TestCase("javascript:alert(1)", null)]
    [TestCase("file:///etc/passwd", null)]
    [TestCase("mailto:ann@contoso.example", null)]
    [TestCase("/sites/phoenix", null)]
    public async Task Its_button_has_the_title_of_the_settings_and_leads_to_a_page_or_is_not_there(string link, string? expected)
    {
        await using var handler = Handler(("Link", link), ("LinkTitle", "See {{ name }}"));
        await handler.HandleAsync();

        var buttons = Card().TryGetProperty("actions", out var actions)
            ? actions.EnumerateArray().Select(action => $"{action.GetProperty("title")} {action.GetProperty("url")}").ToList()
            : [];
        Assert.That(buttons, Is.EqualTo(expected is null ? Array.Empty<string>() : [$"See Project Phoenix {expected}"]));
    }

    [TestCase("ProvisioningCompleted", "Good")]
    [TestCase("ProvisioningFailed", "Attention")]
    [TestCase("ProvisioningStarted", "Default")]
    public async Task Its_title_has_the_colour_of_what_happened(string type, string colour)
    {
        await using var handler = Handler();
        await handler.HandleAsync(type);

        Assert.That(Card().GetProperty("body")[0].GetProperty("inlines")[0].GetProperty("color").GetString(), Is.EqualTo(colour));
    }

    [TestCase('x')]
    [TestCase('ä')]
    [TestCase('漢')]
    [TestCase('"')]
    public async Task A_card_never_outgrows_what_Teams_posts(char letter)
    {
        await using var handler = Handler(("Text", "{{ name }}"));
        var text = JsonEncodedText.Encode(new string(letter, 30_000));
        await handler.HandleAsync(HandlerUnderTest.Body(
            $$$"""{"type":"ProvisioningFailed","content":{"name":"{{{text}}}","error":"{{{text}}}","type":"{{{text}}}","correlationId":"{{{text}}}"}}"""));

        Assert.That(workflow.Requests.Single().Body, Has.Length.AtMost(21 * 1024).And.Length.GreaterThan(2000));
        Assert.That(Lines(Card()), Has.Some.EndsWith("…"));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(404)]
    public async Task A_workflow_that_refuses_is_permanent_and_only_its_code_is_repeated(int status)
    {
        await using var handler = Handler();
        workflow.Answer(status, """{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"sig=s3cret was not accepted"}}""");

        var failure = Assert.ThrowsAsync<PermanentFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Is.EqualTo($"The workflow answered POST to 127.0.0.1 with {status}: WorkflowTriggerIsNotEnabled"));
    }

    [Test]
    public async Task A_workflow_that_is_throttled_is_asked_again_after_the_time_it_says()
    {
        await using var handler = Handler();
        workflow.Answer(429, "", ("Retry-After", "60"));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    // What docs/handlers.md says of it.
    [Test]
    public async Task After_a_lost_answer_there_are_two_cards()
    {
        await using var handler = Handler();
        workflow.LoseAnswer();

        Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());
        await handler.HandleAsync();

        Assert.That(workflow.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("https://contoso.webhook.office.com/webhookb2/x", "Handlers:Teams:a:WebhookUrl is the url of an Office 365 connector, and those have ended.")]
    [TestCase("https://logic.azure.com.evil.example/x?sig=1", "Handlers:Teams:a:WebhookUrl is at 'logic.azure.com.evil.example', which does not end in logic.azure.com or api.powerplatform.com.")]
    [TestCase("https://evillogic.azure.com/x", "Handlers:Teams:a:WebhookUrl is at 'evillogic.azure.com'")]
    [TestCase("http://prod-01.westeurope.logic.azure.com/x", "Handlers:Teams:a:WebhookUrl is not an absolute https url.")]
    [TestCase("", "Handlers:Teams:a:WebhookUrl is missing.")]
    public void An_address_that_is_none_of_a_workflow_is_an_error(string url, string expected) =>
        Assert.That(FailuresOf(("Handlers:Teams:a:WebhookUrl", url)), Has.One.StartsWith(expected));

    [TestCase("https://prod-01.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=1", null)]
    [TestCase("https://default0.1.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/x?sig=1", null)]
    [TestCase("https://flows.contoso.example/x", "contoso.example")]
    [TestCase("https://flows.contoso.example/x", "flows.contoso.example")]
    public void An_address_of_a_workflow_is_taken(string url, string? hosts) =>
        Assert.That(FailuresOf(("Handlers:Teams:a:WebhookUrl", url), ("Handlers:Teams:a:Hosts", hosts)), Is.Empty);

    private HandlerUnderTest Handler(params (string, string?)[] settings) =>
        new("Teams", [("WebhookUrl", $"{workflow.Url}/workflows/x?sig=s3cret"), .. settings]);

    private JsonElement Card() =>
        JsonElement.Parse(workflow.Requests.Single().Text).GetProperty("attachments")[0].GetProperty("content");

    private static List<string> Lines(JsonElement card) =>
    [
        .. card.GetProperty("body").EnumerateArray().Select(block =>
            string.Concat(block.GetProperty("inlines").EnumerateArray().Select(run => run.GetProperty("text").GetString()))),
    ];
}

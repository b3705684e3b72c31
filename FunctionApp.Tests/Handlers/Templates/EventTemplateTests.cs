using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Templates;

[Parallelizable(ParallelScope.All)]
internal sealed class EventTemplateTests
{
    private const string Body =
        """
        {"type":"ProvisioningCompleted","content":{"name":" Phönix & <Co> ","type":"MicrosoftTeams",
         "url":"https://contoso.sharepoint.com/sites/IT-12/?x=1","costCentre":{"number":4711,"owners":["Ann","Bob"]},"type ":"x"},
         "meta":{"timeStamp":"2026-05-01T12:30:00","idempotencyKey":"key"}}
        """;

    [TestCase("{{ name }}", "Phönix & <Co>")]
    [TestCase("{{ kind }} {{ kindName }}", "MicrosoftTeams team")]
    [TestCase("{{ url | last_segment }}", "IT-12")]
    [TestCase("{{ name | escape_html }}", "Ph&#246;nix &amp; &lt;Co&gt;")]
    [TestCase("{{ '[x|http://y] {z} *b*' | escape_jira }}", @"\[x\|http://y\] \{z\} \*b\*")]
    [TestCase("{{ name | strip | json }}", "\"Ph\\u00F6nix \\u0026 \\u003CCo\\u003E\"")]
    [TestCase("{{ timeStamp | date: '%d %B %Y, %H:%M' }}", "01 May 2026, 12:30")]
    [TestCase("{{ costCentre.number }} {{ costCentre.owners | join: ', ' }}", "4711 Ann, Bob")]
    [TestCase("({{ error }}{{ nobody.knows }})", "()")]
    [TestCase("{{ error | default: 'no error' }}", "no error")]
    [TestCase("{{ pointUrl }} {{ idempotencyKey }} {{ eventId | size }}", "https://point.example key 53")]
    [TestCase("{% if url %}yes{% endif %}{% if error %}no{% endif %}", "yes")]
    public void It_puts_parts_of_the_event_into_a_text(string template, string expected) =>
        Assert.That(EventTemplate.Of(template).Render(Model()), Is.EqualTo(expected));

    [TestCase("ProvisioningStarted", "The team Project Phoenix is being provisioned.")]
    [TestCase("ProvisioningCompleted", "The team Project Phoenix is ready.\nIt is at https://contoso.sharepoint.com/sites/IT-12")]
    [TestCase("ProvisioningFailed", "The team Project Phoenix could not be provisioned.\nSyskit Point says: The alias is already in use.\nCorrelation id: 6f1c6d3e-4c0e-4f57-9a64-2f6a1f6c3b0d")]
    [TestCase("WorkspaceArchived", "Syskit Point sent an event of type WorkspaceArchived.")]
    public void The_default_text_is_plain_English(string type, string expected)
    {
        var text = EventTemplate.Of(DefaultTexts.Text).Render(TemplateSamples.Model(type));

        Assert.That(text, Is.EqualTo(expected));
    }

    [TestCase(@"\{}[]*_-+^~?!|#@", @"\\\{\}\[\]\*\_\-\+\^\~\?\!\|\#\@")]
    [TestCase("(a) b: c; d, e. 'f' & <g>/h", "(a) b: c; d, e. 'f' & <g>/h")]
    public void Each_character_of_wiki_markup_is_escaped_and_no_other(string text, string expected) =>
        Assert.That(TemplateFilters.EscapeJira(text), Is.EqualTo(expected));

    [TestCase("MicrosoftTeams", "team")]
    [TestCase("SharePointSiteCollection", "SharePoint site")]
    [TestCase("YammerCommunity", "Viva Engage community")]
    [TestCase("M365Group", "Microsoft 365 group")]
    [TestCase("Loop", "workspace")]
    [TestCase(null, "workspace")]
    public void A_kind_of_workspace_has_a_name_for_people(string? kind, string expected)
    {
        var sent = SentEvent.Of("ProvisioningStarted", new { name = "Project Phoenix", type = kind });

        Assert.That(EventTemplate.Of("{{ kindName }}").Render(EventModel.Of(sent.Event, sent.Context, null)), Is.EqualTo(expected));
    }

    [Test]
    public void A_line_is_one_line_of_bounded_length_that_cuts_no_character_in_two()
    {
        var template = EventTemplate.Of("a\n  b\t{{ '😀😀😀' }}");

        Assert.That(template.RenderLine(Model(), 100), Is.EqualTo("a b 😀😀😀"));
        Assert.That(template.RenderLine(Model(), 8), Is.EqualTo("a b 😀…"));
    }

    [Test]
    public void A_template_that_takes_too_many_steps_fails_for_good()
    {
        var template = EventTemplate.Of("{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}");

        Assert.That(() => template.Render(Model()), Throws.TypeOf<PermanentFailureException>());
    }

    [Test]
    public void What_the_vendor_adds_does_not_hide_what_is_documented()
    {
        var (pointEvent, context) = HandlerUnderTest.Read(HandlerUnderTest.Body(
            """{"type":"New","content":{"eventId":"theirs","idempotencyKey":"theirs","size":3}}"""));
        var model = EventModel.Of(pointEvent, context, null);

        Assert.That(model.Values["eventId"], Is.EqualTo(context.EventId));
        Assert.That(EventTemplate.Of("{{ size }}").Render(model), Is.EqualTo("3"));
    }

    [TestCase("type", "ProvisioningStarted", "ProvisioningStarted")]
    [TestCase("type", "WorkspaceArchived", "WorkspaceArchived")]
    [TestCase("name", "ProvisioningStarted", "Project Phoenix")]
    [TestCase("kind", "ProvisioningStarted", "MicrosoftTeams")]
    [TestCase("kindName", "ProvisioningStarted", "team")]
    [TestCase("kindName", "WorkspaceArchived", "workspace")]
    [TestCase("url", "ProvisioningCompleted", "https://contoso.sharepoint.com/sites/IT-12")]
    [TestCase("microsoftId", "ProvisioningCompleted", "f3f0c9b5-58f6-4b1b-93a0-3c9a3d1b7a10")]
    [TestCase("requester", "ProvisioningStarted", "8a7b3a5c-3f5d-4c2b-9d2e-0f6f3f9f5a11")]
    [TestCase("requestedOn", "ProvisioningStarted", "2026-05-01 11:58:00Z")]
    [TestCase("error", "ProvisioningFailed", "The alias is already in use.")]
    [TestCase("correlationId", "ProvisioningFailed", "6f1c6d3e-4c0e-4f57-9a64-2f6a1f6c3b0d")]
    [TestCase("timeStamp", "WorkspaceArchived", "2026-05-01 12:00:00Z")]
    [TestCase("receivedAt", "WorkspaceArchived", "2026-05-01 12:00:01Z")]
    [TestCase("eventId", "WorkspaceArchived", "0000000000000000000000000000000000000000-000000000000")]
    [TestCase("idempotencyKey", "WorkspaceArchived", "sample")]
    [TestCase("pointUrl", "WorkspaceArchived", "https://contoso.syskit365demo.com")]
    [TestCase("workspaceId", "ProvisioningFailed", "point-57f8354cde0de90d2a95a9cfea11fe75")]
    public void Each_name_is_what_the_event_says(string name, string type, string expected) =>
        Assert.That(EventTemplate.Of($"{{{{ {name} }}}}").Render(TemplateSamples.Model(type)), Is.EqualTo(expected));

    [TestCase("ProvisioningStarted", "name kind workspaceId requester requestedOn")]
    [TestCase("ProvisioningCompleted", "name kind workspaceId url microsoftId")]
    [TestCase("ProvisioningFailed", "name kind workspaceId error correlationId")]
    [TestCase("WorkspaceArchived", "name")]
    public void An_event_has_the_names_of_its_type_and_those_that_all_have(string type, string names) => Assert.That(
        TemplateSamples.Model(type).Values.Keys,
        Is.EquivalentTo($"type kindName timeStamp receivedAt eventId idempotencyKey pointUrl {names}".Split(' ')));

    [Test]
    public void The_names_are_those_of_the_document() => Assert.That(
        new Document("docs/handlers.md").Table("Name", "In", "What").SelectMany(row => row[0].Split(", ")),
        Is.EquivalentTo(EventModel.Names));

    [TestCase("MicrosoftTeams", "Project Phoenix", "point-57f8354cde0de90d2a95a9cfea11fe75")]
    [TestCase("teams", "  project PHOENIX ", "point-57f8354cde0de90d2a95a9cfea11fe75")]
    [TestCase("SharePointSiteCollection", "Project Phoenix", "point-403f89a322ab171c9ade15b2e420f514")]
    [TestCase("M365Group", "Büro Süd", "point-98194cea17104b9fe9cd5780d73ad25a")]
    [TestCase("M365Group", " ", "")]
    [TestCase("M365Group", null, "")]
    public void A_workspace_keeps_its_id_in_all_versions_of_this_app(string kind, string? name, string expected)
    {
        var sent = SentEvent.Of("ProvisioningStarted", new { name, type = kind });

        var text = EventTemplate.Of("{{ workspaceId }}").Render(EventModel.Of(sent.Event, sent.Context, null));

        Assert.That(text, Is.EqualTo(expected));
    }

    private static EventModel Model()
    {
        var (pointEvent, context) = HandlerUnderTest.Read(HandlerUnderTest.Body(Body));
        return EventModel.Of(pointEvent, context, "https://point.example");
    }
}

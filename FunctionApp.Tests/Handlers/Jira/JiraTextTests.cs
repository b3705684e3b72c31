using PointWebhooks.Handlers.Jira;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>Keys, queries, documents and fields, by themselves.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class JiraTextTests
{
    [TestCase("ITSM-12", "ITSM-12")]
    [TestCase("A1_B-7", "A1_B-7")]
    [TestCase("itsm-12", null)]
    [TestCase("A-1", null)]
    [TestCase("ITSM-0", null)]
    [TestCase("ITSM-012", null)]
    [TestCase("ITSM-12x", null)]
    [TestCase("1TSM-12", null)]
    [TestCase("ITSM-12\n", null)]
    [TestCase("", null)]
    public void A_key_is_a_project_and_a_number(string text, string? key) => Assert.That(IssueKey.Read(text, []), Is.EqualTo(key));

    [TestCase("labels = {{ name }}", """labels = "a\"b\\c" """)]
    [TestCase("""labels = "x-{{ name }}" AND project = P""", """labels = "x-a\"b\\c" AND project = P""")]
    [TestCase("labels = 'x-{{ name }}'", """labels = 'x-a\"b\\c'""")]
    [TestCase("""summary ~ "\"" AND labels = {{ name }}""", """summary ~ "\"" AND labels = "a\"b\\c" """)]
    public void A_value_is_a_value_within_quotes_of_the_query_and_without(string template, string jql)
    {
        var model = SentModel(name: """a"b\c""");

        Assert.That(Jql.Build(QueryTemplate.Parse(template)!.Render(model)), Is.EqualTo(jql.Trim()));
    }

    [TestCase("labels = 'x-{{ name }}'", "a' OR project = B OR 'b", """labels = 'x-a\' OR project = B OR \'b'""")]
    [TestCase("labels = {{ name }}", "a\nb\tc", """labels = "a b c" """)]
    public void A_value_neither_ends_single_quotes_nor_breaks_a_line(string template, string name, string jql) =>
        Assert.That(Jql.Build(QueryTemplate.Parse(template)!.Render(SentModel(name))), Is.EqualTo(jql.Trim()));

    [TestCase("""labels = {{ name | append: "}}" }} AND project = P""")]
    [TestCase("""labels = {{ name | append: '}}' }} AND project = P""")]
    [TestCase("""labels = {{ name | replace: "\"", "" | append: "}}" }} AND project = P""")]
    [TestCase("""labels = {{ name | replace: '\'', '' | append: "}}" }} AND project = P""")]
    public void Braces_and_quotes_in_a_text_of_the_template_do_not_end_it(string template)
    {
        var parts = QueryTemplate.Parse(template + " AND x = 'y'")!.Render(SentModel("x"));

        Assert.That(Jql.Build(parts), Is.EqualTo("""labels = "x}}" AND project = P AND x = 'y'"""));
    }

    [Test]
    public void A_query_with_a_value_that_the_event_does_not_have_is_none() =>
        Assert.That(Jql.Build(QueryTemplate.Parse("labels = {{ nonsense }}")!.Render(SentModel("x"))), Is.Null);

    [Test]
    public void A_document_has_a_paragraph_for_each_line_and_links_where_urls_are()
    {
        var document = JiraText.Document("See https://contoso.example/a(b).\n\nThanks");

        Assert.That(document.ToJsonString(), Is.EqualTo(
            """{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"See "},"""
            + """{"type":"text","text":"https://contoso.example/a(b","marks":[{"type":"link","attrs":{"href":"https://contoso.example/a(b"}}]},"""
            + """{"type":"text","text":")."}]},{"type":"paragraph","content":[{"type":"text","text":"Thanks"}]}]}"""));
    }

    [Test]
    public void A_text_that_is_too_long_is_cut_and_keeps_its_last_line()
    {
        var text = JiraText.Of(new string('x', 40_000), "the end", apiVersion: 2).GetValue<string>();

        Assert.That(text, Has.Length.EqualTo(32_767).And.EndsWith("…\n\nthe end"));
    }

    [TestCase("ProvisioningStarted", """The team \*Phoenix\* is being provisioned.""")]
    [TestCase("ProvisioningCompleted", """The team \*Phoenix\* is ready.""")]
    [TestCase("ProvisioningFailed", """The team \*Phoenix\* could not be provisioned.""")]
    [TestCase("*Archived*", """Syskit Point sent an event of type \*Archived\*.""")]
    public void Whatever_an_event_holds_is_no_markup_in_the_usual_text(string type, string expected)
    {
        var sent = SentEvent.Of(type, new { name = "*Phoenix*", type = "MicrosoftTeams", error = "{code}", correlationId = "[7]" });

        Assert.That(
            EventTemplate.Of(JiraTexts.Wiki).Render(EventModel.Of(sent.Event, sent.Context, null)),
            Is.EqualTo(expected + "\nSyskit Point says: \\{code\\}\nCorrelation id: \\[7\\]"));
    }

    [TestCase("""{"errorMessages":["No."],"errors":{"a":"b"}}""", "No. a: b")]
    [TestCase("""{"errorMessages":[],"errors":{"a":"b"}}""", "a: b")]
    [TestCase("""{"errorMessages":["No."]}""", "No.")]
    [TestCase("""{"code":401,"message":"Unauthorized"}""", "Unauthorized")]
    [TestCase("""{"errorMessages":[],"errors":{}}""", null)]
    [TestCase("<html>", null)]
    [TestCase("[]", null)]
    public void What_Jira_says_is_found_in_either_part(string answer, string? words) =>
        Assert.That(JiraWords.Of(answer), Is.EqualTo(words));

    [TestCase("""{"name":"High"}""", """{"name":"High"}""")]
    [TestCase("""["a","{{ name }}"]""", """["a","x\u0022y"]""")]
    [TestCase("42", "42")]
    [TestCase("-1.5", "-1.5")]
    [TestCase("true", "true")]
    [TestCase("null", null)]
    [TestCase("007", "\"007\"")]
    [TestCase("2026-05-01", "\"2026-05-01\"")]
    [TestCase("1.2.3", "\"1.2.3\"")]
    [TestCase("{{ name }}", "\"x\\u0022y\"")]
    public void A_field_is_what_its_template_is(string template, string? json) =>
        Assert.That(JiraField.Parse(template)!.Render(SentModel("x\"y"))?.ToJsonString(), Is.EqualTo(json));

    private static EventModel SentModel(string name)
    {
        var sent = SentEvent.Started(name);
        return EventModel.Of(sent.Event, sent.Context, null);
    }
}

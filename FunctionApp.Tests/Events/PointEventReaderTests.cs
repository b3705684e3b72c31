using System.Text;
using System.Text.Json;
using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

/// <summary>The vendor's examples, and what they leave open.</summary>
internal sealed class PointEventReaderTests
{
    [Test]
    public void ProvisioningStarted_is_read()
    {
        var read = (ProvisioningStarted)Read("ProvisioningStarted", """{"name":"Phoenix","type":"teams","requestedOn":"2023-10-05T14:48:00","requesterId":"5f7f3d2e"}""")!;
        Assert.That(read.Type, Is.EqualTo("ProvisioningStarted"));
        Assert.That(read.Name, Is.EqualTo("Phoenix"));
        Assert.That(read.Kind, Is.EqualTo(WorkspaceKind.MicrosoftTeams), "an older example says teams");
        Assert.That(read.RequestedOn!.Value.Utc, Is.EqualTo(new DateTimeOffset(2023, 10, 5, 14, 48, 0, TimeSpan.Zero)));
        Assert.That(read.RequesterId, Is.EqualTo("5f7f3d2e"));
        Assert.That(read.TimeStamp!.Value.Text, Is.EqualTo("2023-10-05T14:48:00"), "the original text is kept");
    }

    [Test]
    public void ProvisioningCompleted_is_read()
    {
        var read = (ProvisioningCompleted)Read("ProvisioningCompleted", """{"name":"Phoenix","type":"SharePointSiteCollection","url":"https://contoso.sharepoint.com","microsoftId":"42"}""")!;
        Assert.That(read.Kind, Is.EqualTo(WorkspaceKind.SharePointSiteCollection));
        Assert.That((read.Url, read.MicrosoftId), Is.EqualTo(("https://contoso.sharepoint.com", "42")));
    }

    [TestCase("correlationId")]
    [TestCase("correlationId ")]
    [TestCase("correlationId\u00a0")]
    public void ProvisioningFailed_is_read_with_and_without_the_vendors_space(string property)
    {
        var read = (ProvisioningFailed)Read("ProvisioningFailed", $$"""{"name":"Phoenix","type":"M365Group","error":"The alias is in use.","{{property}}":"c-1"}""")!;
        Assert.That((read.Error, read.CorrelationId), Is.EqualTo(("The alias is in use.", "c-1")));
        Assert.That(read.AdditionalProperties, Is.Empty);
    }

    [Test]
    public void Content_that_is_a_text_with_JSON_in_it_is_read_like_an_object()
    {
        var content = JsonSerializer.Serialize("""{"name":"Phoenix","type":"YammerCommunity"}""");
        Assert.That(((ProvisioningStarted)Read("ProvisioningStarted", content)!).Kind, Is.EqualTo(WorkspaceKind.YammerCommunity));
    }

    [Test]
    public void What_the_vendor_adds_survives()
    {
        var read = (ProvisioningCompleted)Read("ProvisioningCompleted", """{"name":"Phoenix","sensitivity":{"label":"secret"},"type":"Planner"}""")!;
        Assert.That(read.AdditionalProperties["sensitivity"].GetProperty("label").GetString(), Is.EqualTo("secret"));
        Assert.That(read.Kind!.Value.Value, Is.EqualTo("Planner"), "a kind nobody knew is a kind");
    }

    [TestCase("""{"name":17,"type":null,"url":true}""")]
    [TestCase("{}")]
    [TestCase("null")]
    public void Content_of_another_shape_than_documented_is_no_failure(string content) =>
        Assert.That(Read("ProvisioningCompleted", content), Is.TypeOf<ProvisioningCompleted>());

    [TestCase("[1,2]")]
    [TestCase("\"just a text\"")]
    [TestCase("\"no object\"")]
    [TestCase("17")]
    public void Content_of_a_documented_type_that_is_no_object_is_no_event(string content) =>
        Assert.That(Read("ProvisioningCompleted", content), Is.Null);

    [Test]
    public void A_type_in_another_case_is_the_documented_one() =>
        Assert.That(Read("provisioningCOMPLETED", "{}"), Is.TypeOf<ProvisioningCompleted>().With.Property("Type").EqualTo("ProvisioningCompleted"));

    [Test]
    public void Another_type_is_unknown_and_keeps_its_content()
    {
        var read = (UnknownEvent)Read("WorkspaceArchived", """{"name":"Phoenix"}""")!;
        Assert.That(read.Content!.Value.GetProperty("name").GetString(), Is.EqualTo("Phoenix"));
    }

    [TestCase("ProvisioningCompleted ")]
    [TestCase("\\tprovisioningcompleted\\n")]
    public void A_documented_type_with_blanks_around_it_is_that_type(string type) =>
        Assert.That(Read(type, "{}"), Is.TypeOf<ProvisioningCompleted>().With.Property("Type").EqualTo("ProvisioningCompleted"));

    [TestCase("""{"name":"Team \ud83d"}""", "Team \ufffd")]
    [TestCase(""" "{\"name\":\"Team \ud83d\"}" """, "Team \ufffd")]
    [TestCase(""" "{\"name\":\"Team \\ude00\"}" """, "Team \ufffd")]
    [TestCase(""" "\ufeff{\"name\":\"Team\"}" """, "Team")]
    [TestCase(""" "\"{\\\"name\\\":\\\"Team\\\"}\"" """, "Team")]
    [TestCase("""{" NAME ":"Team"}""", "Team")]
    [TestCase("""{"NAME":"other","name":"first","name":"Team"}""", "Team")]
    [TestCase("""{"name":null,"Name":"Team"}""", "Team")]
    [TestCase("""{"name":{"de":"Team"}}""", """{"de":"Team"}""")]
    [TestCase("null", null)]
    [TestCase("\"null\"", null)]
    [TestCase("\" \"", null)]
    [TestCase(""" "\"\"" """, null)]
    public void Content_is_read_as_it_is_meant(string content, string? name) =>
        Assert.That(((ProvisioningCompleted)Read("ProvisioningCompleted", content)!).Name, Is.EqualTo(name));

    [Test]
    public void What_is_odd_beside_the_documented_properties_survives()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));

        var read = (ProvisioningCompleted)Read("ProvisioningCompleted", $$"""{"name":"Team","NAME":"other","\ud83d":"\ud83d","n":1e999,"deep":{{deep}}}""")!;

        Assert.That(read.Name, Is.EqualTo("Team"));
        Assert.That(read.AdditionalProperties.Keys, Is.EquivalentTo(["NAME", "\ufffd", "n", "deep"]));
        Assert.That(read.AdditionalProperties["\ufffd"].GetString(), Is.EqualTo("\ufffd"));
        Assert.That(read.AdditionalProperties["n"].GetRawText(), Is.EqualTo("1e999"));
        Assert.That(read.AdditionalProperties["deep"].GetString(), Is.EqualTo(deep), "as text, since nothing would write it");
    }

    private static PointEvent? Read(string type, string content) => PointEventReader.Read(EventEnvelope.Parse(Encoding.UTF8.GetBytes(
        $$$"""{"type":"{{{type}}}","content":{{{content}}},"meta":{"timeStamp":"2023-10-05T14:48:00","idempotencyKey":"k"}}""")));
}

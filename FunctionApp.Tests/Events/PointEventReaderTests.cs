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
        var read = (ProvisioningStarted)Read("ProvisioningStarted", """{"name":"Phoenix","type":"teams","requestedOn":"2023-10-05T14:48:00","requesterId":"5f7f3d2e"}""");
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
        var read = (ProvisioningCompleted)Read("ProvisioningCompleted", """{"name":"Phoenix","type":"SharePointSiteCollection","url":"https://contoso.sharepoint.com","microsoftId":"42"}""");
        Assert.That(read.Kind, Is.EqualTo(WorkspaceKind.SharePointSiteCollection));
        Assert.That((read.Url, read.MicrosoftId), Is.EqualTo(("https://contoso.sharepoint.com", "42")));
    }

    [TestCase("correlationId")]
    [TestCase("correlationId ")]
    public void ProvisioningFailed_is_read_with_and_without_the_vendors_space(string property)
    {
        var read = (ProvisioningFailed)Read("ProvisioningFailed", $$"""{"name":"Phoenix","type":"M365Group","error":"The alias is in use.","{{property}}":"c-1"}""");
        Assert.That((read.Error, read.CorrelationId), Is.EqualTo(("The alias is in use.", "c-1")));
        Assert.That(read.AdditionalProperties, Is.Null.Or.Empty);
    }

    [Test]
    public void Content_that_is_a_text_with_JSON_in_it_is_read_like_an_object()
    {
        var content = JsonSerializer.Serialize("""{"name":"Phoenix","type":"YammerCommunity"}""");
        Assert.That(((ProvisioningStarted)Read("ProvisioningStarted", content)).Kind, Is.EqualTo(WorkspaceKind.YammerCommunity));
    }

    [Test]
    public void What_the_vendor_adds_survives()
    {
        var read = (ProvisioningCompleted)Read("ProvisioningCompleted", """{"name":"Phoenix","sensitivity":{"label":"secret"},"type":"Planner"}""");
        Assert.That(read.AdditionalProperties!["sensitivity"].GetProperty("label").GetString(), Is.EqualTo("secret"));
        Assert.That(read.Kind!.Value.Value, Is.EqualTo("Planner"), "a kind nobody knew is a kind");
    }

    [TestCase("""{"name":17,"type":null,"url":true}""")]
    [TestCase("{}")]
    [TestCase("null")]
    public void Content_of_another_shape_than_documented_is_no_failure(string content) =>
        Assert.That(Read("ProvisioningCompleted", content), Is.TypeOf<ProvisioningCompleted>());

    [TestCase("[1,2]")]
    [TestCase("\"just a text\"")]
    [TestCase("17")]
    public void Content_of_a_documented_type_that_is_no_object_is_a_failure(string content) =>
        Assert.That(() => Read("ProvisioningCompleted", content), Throws.InstanceOf<JsonException>());

    [Test]
    public void A_type_in_another_case_is_the_documented_one() =>
        Assert.That(Read("provisioningCOMPLETED", "{}"), Is.TypeOf<ProvisioningCompleted>().With.Property("Type").EqualTo("ProvisioningCompleted"));

    [Test]
    public void Another_type_is_unknown_and_keeps_its_content()
    {
        var read = (UnknownEvent)Read("WorkspaceArchived", """{"name":"Phoenix"}""");
        Assert.That(read.Content!.Value.GetProperty("name").GetString(), Is.EqualTo("Phoenix"));
    }

    [TestCase("2023-10-05T14:48:00", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05T14:48:00+02:00", "2023-10-05T12:48:00Z")]
    [TestCase("2023-10-05T14:48:00.1234567Z", "2023-10-05T14:48:00.1234567Z")]
    public void A_time_without_a_zone_is_UTC(string text, string utc) =>
        Assert.That(PointTimestamp.Parse(text).Utc, Is.EqualTo(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void A_text_that_is_no_time_is_kept_as_it_is() =>
        Assert.That(PointTimestamp.Parse("last tuesday"), Is.EqualTo(new PointTimestamp("last tuesday", null)));

    private static PointEvent Read(string type, string content) => PointEventReader.Read(Encoding.UTF8.GetBytes(
        $$$"""{"type":"{{{type}}}","content":{{{content}}},"meta":{"timeStamp":"2023-10-05T14:48:00","idempotencyKey":"k"}}"""));
}

using System.Text;
using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

/// <summary>What an operator is shown of a body.</summary>
public sealed class ReadableBodyTests
{
    private const string Event = """{"type":"ProvisioningCompleted","content":{"name":"Phoenix"}}""";

    [Test]
    public void JSON_is_shown_as_it_is()
    {
        var readable = ReadableBody.Of(Encoding.UTF8.GetBytes(Event));

        Assert.That(readable.Json!.Value.GetRawText(), Is.EqualTo(Event));
        Assert.That((readable.Text, readable.IsExact), Is.EqualTo(((string?)null, true)));
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    public void JSON_behind_a_byte_order_mark_is_JSON(string encoding)
    {
        var sent = Encoding.GetEncoding(encoding);

        var readable = ReadableBody.Of((byte[])[.. sent.GetPreamble(), .. sent.GetBytes(Event)]);

        Assert.That(readable.Json!.Value.GetRawText(), Is.EqualTo(Event));
        Assert.That(readable.IsExact, Is.True);
    }

    [TestCase("""{"name":"Caf\u00e9"}""", "Caf\u00e9", true)]
    [TestCase("""{"name":"\ud83d\ude00"}""", "\ud83d\ude00", true)]
    [TestCase("""{"name":"\\ud83d"}""", @"\ud83d", true)]
    [TestCase("""{"name":"Team \ud83d"}""", "Team \ufffd", false)]
    [TestCase("""{"name":"\ude00\ud83d"}""", "\ufffd\ufffd", false)]
    [TestCase("""{"name":"\ud83d\\ude00"}""", @"�\ude00", false)]
    public void Broken_text_is_shown_with_the_replacement_character(string body, string name, bool isExact) =>
        AssertName(Encoding.UTF8.GetBytes(body), name, isExact);

    [Test]
    public void Bytes_of_another_code_page_are_shown_with_the_replacement_character() =>
        AssertName(Encoding.Latin1.GetBytes("{\"name\":\"Caf\u00e9\"}"), "Caf\ufffd", isExact: false);

    [Test]
    public void What_is_not_JSON_is_text()
    {
        var readable = ReadableBody.Of(Encoding.Latin1.GetBytes("name=Caf\u00e9"));

        Assert.That(readable, Is.EqualTo(new ReadableBody(null, "name=Caf\ufffd", false)));
    }

    [TestCase(ReadableBody.MaxDepth, true)]
    [TestCase(ReadableBody.MaxDepth + 1, false)]
    [TestCase(100_000, false)]
    public void Deep_JSON_is_shown_as_JSON_as_far_as_its_readers_take_it(int depth, bool isJson)
    {
        var body = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));

        var readable = ReadableBody.Of(Encoding.UTF8.GetBytes(body));

        Assert.That((readable.Json is not null, readable.Text is null, readable.IsExact), Is.EqualTo((isJson, isJson, isJson)));
    }

    private static void AssertName(byte[] body, string name, bool isExact)
    {
        var readable = ReadableBody.Of(body);

        Assert.That(readable.Json!.Value.GetProperty("name").GetString(), Is.EqualTo(name));
        Assert.That(readable.IsExact, Is.EqualTo(isExact));
    }
}

using System.Text;
using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

/// <summary>The type and the key of an event come out, whatever stands beside them.</summary>
public sealed class EventEnvelopeTests
{
    private const string Meta = """ "meta":{"timeStamp":"2026-11-25T16:00:01","idempotencyKey":"k1"} """;

    [TestCase("""{"name":"Team \ud83d"}""", TestName = "Half of a surrogate pair in a text")]
    [TestCase("""{"Team \ud83d":1}""", TestName = "Half of a surrogate pair in a name")]
    [TestCase(""" "{\"name\":\"Team \ud83d\"}" """, TestName = "Half of a surrogate pair in serialized content")]
    [TestCase(""" "{\"name\":\"Team \\ude00\"}" """, TestName = "Half of a surrogate pair, itself serialized")]
    [TestCase("""{"size":1e999,"small":-0.0e-999,"long":123456789012345678901234567890}""", TestName = "Numbers beyond any range")]
    [TestCase("""{"a":1,"a":2,"A":3,"":4}""", TestName = "Names that repeat")]
    [TestCase("null", TestName = "Nothing")]
    [TestCase("[[],{}]", TestName = "A list")]
    public void Odd_content_takes_neither_type_nor_key_away(string content) => AssertRead(
        $$"""{"type":"ProvisioningCompleted","content":{{content}},{{Meta}}}""");

    [Test]
    public void Any_depth_is_read()
    {
        var depth = 100_000;

        var content = string.Concat(Enumerable.Repeat("[", depth)) + string.Concat(Enumerable.Repeat("]", depth));

        AssertRead($$"""{"type":"ProvisioningCompleted","content":{{content}},{{Meta}}}""");
    }

    [TestCase("""{"Type":"ProvisioningCompleted","META":{"IDEMPOTENCYKEY":"k1"}}""", TestName = "Other case")]
    [TestCase("""{"type ":"ProvisioningCompleted"," meta":{"idempotencyKey ":"k1"}}""", TestName = "Blanks around names")]
    [TestCase("""{"t\u0079pe":"ProvisioningCompleted","meta":{"idempotenc\u0079Key":"k1"}}""", TestName = "Escaped names")]
    [TestCase("""{"type":" ProvisioningCompleted\n","meta":{"idempotencyKey":"k1"}}""", TestName = "Blanks around the type")]
    [TestCase(
        """{"type":"Other","type":"ProvisioningCompleted","TYPE":"Third","meta":{"idempotencyKey":"k1"}}""",
        TestName = "The last of several")]
    [TestCase(
        """{"type":null,"Type":"ProvisioningCompleted","meta":1,"meta ":{"idempotencyKey":"","IdempotencyKey":"k1"}}""",
        TestName = "One beside an empty one")]
    public void Names_are_read_as_they_are_meant(string body) => AssertRead(body);

    // Not by the clock: each escaped name that is read once more leaves something to collect.
    [Test]
    public void Twice_as_many_names_that_say_nothing_cost_twice_as_much()
    {
        long Cost(int names)
        {
            var pairs = string.Concat(Enumerable.Repeat("""
                "N\u0061ME":null,"T\u0079PE":null,"M\u0065TA":0,
                """, names));
            var body = Encoding.UTF8.GetBytes($$$"""{{{{pairs}}}"type":"ProvisioningFailed","content":{{{{pairs}}}"x":1}}""");
            var before = GC.GetAllocatedBytesForCurrentThread();
            PointEventReader.Read(EventEnvelope.Parse(body));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Cost(100);

        Assert.That(Cost(1_000), Is.LessThan(3 * Cost(500)));
    }

    [Test]
    public void Bytes_of_another_code_page_take_nothing_away() => AssertRead(
        Encoding.Latin1.GetBytes($$"""{"type":"ProvisioningCompleted","content":{"name":"Café","Ärger":"ÿ"},{{Meta}}}"""));

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void A_byte_order_mark_is_no_part_of_the_body(string encoding)
    {
        var sent = Encoding.GetEncoding(encoding);

        AssertRead([.. sent.GetPreamble(), .. sent.GetBytes($$"""{"type":"ProvisioningCompleted",{{Meta}}}""")]);
    }

    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void UTF_16_is_read_without_a_byte_order_mark(string encoding) => AssertRead(
        Encoding.GetEncoding(encoding).GetBytes($$"""{"type":"ProvisioningCompleted",{{Meta}}}"""));

    [Test]
    public void Keys_that_are_broken_differently_stay_different()
    {
        var keys = new[] { @"k\ud83d", @"k\ud83e", @"k\ude00", @"k\ufffd" }.Select(KeyOf).ToList();

        Assert.That(keys, Is.Unique.And.All.StartsWith("sha256-"));
    }

    [Test]
    public void A_broken_key_is_the_same_when_the_event_is_sent_again() => Assert.That(
        Parse("""{"meta":{"idempotencyKey":"k\ud83d","timeStamp":"2026-11-25T16:00:02"}}""").IdempotencyKey,
        Is.EqualTo(KeyOf(@"k\ud83d")));

    [TestCase("17", "17")]
    [TestCase("1e400", "1e400")]
    [TestCase("\"\\ud83d\\ude00\"", "\ud83d\ude00")]
    [TestCase("\" k 1 \"", " k 1 ")]
    public void A_key_is_taken_as_it_is(string json, string key) =>
        Assert.That(Parse($$$"""{"meta":{"idempotencyKey":{{{json}}}}}""").IdempotencyKey, Is.EqualTo(key));

    [TestCase(128, true)]
    [TestCase(129, false)]
    public void A_text_that_is_too_long_for_a_type_is_none(int length, bool isKept)
    {
        var type = new string('t', length);

        Assert.That(Parse($$"""{"type":"{{type}}"}""").Type, Is.EqualTo(isKept ? type : "Unreadable"));
    }

    [TestCase(1024, true)]
    [TestCase(1025, false)]
    public void A_key_that_is_too_long_to_be_shown_is_known_by_its_hash(int length, bool isKept)
    {
        var key = new string('k', length);

        Assert.That(KeyOf(key), Is.EqualTo(isKept ? key : "sha256-011cc8dcade24f43d2d7f95605d8481da1d0b86475def49be02bfc20cee86e65"));
    }

    [TestCase(@"k\n1", "k\n1")]
    [TestCase(@"k\u0000", "k\0")]
    [TestCase(@"k\u0085", "k\u0085")]
    public void A_key_that_neither_a_log_nor_a_header_could_carry_is_known_by_its_hash(string escaped, string key) =>
        Assert.That(KeyOf(escaped), Is.EqualTo(IdempotencyKeys.OfBytes(Encoding.UTF8.GetBytes(key))));

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("17")]
    [TestCase("")]
    [TestCase("{\"type\":\"ProvisioningCompleted\"")]
    [TestCase("""{"type":{},"meta":{"idempotencyKey":true}}""")]
    [TestCase("""{"type":" ","meta":{"idempotencyKey":" \t"}}""")]
    [TestCase("""{"type":"ProvisioningCompleted","meta":{"idempotencyKey":"k1"}}{}""")]
    public void A_body_without_type_and_key_is_unreadable_and_known_by_its_hash(string body)
    {
        var envelope = Parse(body);

        Assert.That(envelope.Type, Is.EqualTo(EventTypes.Unreadable));
        Assert.That(envelope.IdempotencyKey, Is.EqualTo(IdempotencyKeys.OfBytes(Encoding.UTF8.GetBytes(body))));
    }

    private static string KeyOf(string escaped) => Parse($$$"""{"meta":{"idempotencyKey":"{{{escaped}}}"}}""").IdempotencyKey;

    private static void AssertRead(string body) => AssertRead(Encoding.UTF8.GetBytes(body));

    private static void AssertRead(byte[] body)
    {
        var envelope = EventEnvelope.Parse(body);

        Assert.That((envelope.Type, envelope.IdempotencyKey), Is.EqualTo(("ProvisioningCompleted", "k1")));
        Assert.That(() => ReadableBody.Of(body), Throws.Nothing);
    }

    private static EventEnvelope Parse(string body) => EventEnvelope.Parse(Encoding.UTF8.GetBytes(body));
}

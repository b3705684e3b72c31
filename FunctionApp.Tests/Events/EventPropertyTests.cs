using System.Text;
using System.Text.Json;
using CsCheck;
using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

/// <summary>What holds for every body. CsCheck makes the bodies, prints the seed of one that fails, and makes it small.</summary>
public sealed class EventPropertyTests
{
    private const string Example = """
        {"type":"ProvisioningFailed","content":{"name":"Project Phoenix","type":"MicrosoftTeams","error":"The alias is in use.",
        "correlationId ":"0b6f2f5c-6d3c-4f5e-9d5a-3f0f7a1c2b4d"},"meta":{"timeStamp":"2023-10-05T14:48:00",
        "idempotencyKey":"f9ac8355-ddd7-48a3-98fb-9d4142501510"}}
        """;

    private static readonly Gen<byte[]> Mutated = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, Example.Length - 1], Gen.OneOf(Gen.Byte, Gen.OneOf("\"\\{}[],:u\0d"u8.ToArray())), Gen.Int[1, 40], Mutate)
        .Array[1, 4]
        .Select(changes => changes.Aggregate(Encoding.UTF8.GetBytes(Example), (body, change) => change(body)));

    [TestCase("ProvisioningStarted")]
    [TestCase("ProvisioningCompleted")]
    [TestCase("ProvisioningFailed")]
    [TestCase("WorkspaceArchived")]
    public void Type_and_key_come_out_whatever_stands_around_them(string type) => OddJson.Envelope(type, "k-1").Sample(
        body =>
        {
            var envelope = EventEnvelope.Parse(body);
            AssertReadable(body);
            return (envelope.Type, envelope.IdempotencyKey) == (type, "k-1");
        },
        iter: 1000,
        print: Encoding.Latin1.GetString);

    [Test]
    public void Reading_an_event_that_was_changed_anywhere_never_throws() => Mutated.Sample(
        body =>
        {
            AssertReadable(body);
            return EventEnvelope.Parse(body) is { Type.Length: > 0, IdempotencyKey.Length: > 0 };
        },
        iter: 20_000,
        print: Encoding.Latin1.GetString);

    [Test]
    public void Reading_any_bytes_never_throws() => Gen.Byte.Array[0, 200].Sample(AssertReadable, iter: 5000);

    private static void AssertReadable(byte[] body)
    {
        var envelope = EventEnvelope.Parse(body);
        if (PointEventReader.Read(envelope) is not { } pointEvent)
        {
            Assert.That(EventTypes.IsDocumented(envelope.Type), "only a documented type asks for an object");
            return;
        }

        foreach (var value in Values(pointEvent))
            AssertWritable(value);

        var readable = ReadableBody.Of(body);
        if (readable.Json is { } json)
            JsonSerializer.Deserialize<JsonElement>(JsonSerializer.Serialize(new Dictionary<string, JsonElement> { ["body"] = json }));
        else
            Assert.That(readable.Text, Is.Not.Null);
    }

    private static IEnumerable<JsonElement> Values(PointEvent read) =>
        read is UnknownEvent unknown ? unknown.Content is { } content ? [content] : [] : read.AdditionalProperties.Values;

    private static void AssertWritable(JsonElement value)
    {
        using var writer = new Utf8JsonWriter(Stream.Null, new JsonWriterOptions { MaxDepth = int.MaxValue });
        value.WriteTo(writer);
    }

    private static Func<byte[], byte[]> Mutate(int kind, int place, byte with, int length) => body =>
    {
        var at = Math.Min(place, body.Length);
        var end = Math.Min(at + length, body.Length);
        return kind switch
        {
            0 => body[..at],
            1 => [.. body[..at], with, .. body[at..]],
            2 => [.. body[..at], .. body[end..]],
            3 => [.. body[..end], .. body[at..]],
            _ => [.. body[..at], .. Enumerable.Repeat(with, end - at), .. body[end..]],
        };
    };
}

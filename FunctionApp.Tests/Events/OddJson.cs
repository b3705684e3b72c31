using System.Text;
using System.Text.Json;
using CsCheck;

namespace PointWebhooks.Tests.Events;

/// <summary>Makes JSON of every odd kind, as text: a serializer would never write most of it.</summary>
internal static class OddJson
{
    /// <summary>A text in quotes, with half pairs, escapes and characters of all planes.</summary>
    public static readonly Gen<string> Text = Gen.OneOf(
            "a", " ", "\u00e9", "\u6f22", "\u2028", "\ufeff", "\ud83d\ude00", @"\ud83d", @"\ude00", @"\uD83D\uDE00", @"\u00e9", @"\u0000",
            @"\\", @"\\ud83d", @"\""", @"\n", @"\/")
        .Array[0, 6]
        .Select(pieces => $"\"{string.Concat(pieces)}\"");

    private static readonly Gen<string> Atom = Gen.OneOf(
        Text,
        Gen.OneOf("null", "true", "false", "0", "-0", "1e999", "-1.5E-400", "12345678901234567890123456789", "\"\"", "\"null\"", "{}", "[]"));

    /// <summary>Any value, nested now and then, and now and then deeply or serialized into a text.</summary>
    public static readonly Gen<string> Value = Gen.Recursive<string>((depth, value) => depth > 4
        ? Atom
        : Gen.Frequency(
            (6, Atom),
            (2, value.Array[0, 3].Select(values => $"[{string.Join(',', values)}]")),
            (3, Members(value).Select(members => $"{{{members}}}")),
            (1, value.Select(inner => JsonSerializer.Serialize(inner))),
            (1, Gen.Select(value, Gen.Int[1, 2000], (inner, levels) =>
                new StringBuilder(inner).Insert(0, "[{\"a\":", levels).Insert(inner.Length + (levels * 6), "}]", levels).ToString()))));

    private static Gen<string> Members(Gen<string> value) =>
        Gen.Select(Text, value, (name, inner) => $"{name}:{inner}").Array[0, 3].Select(members => string.Join(',', members));

    /// <summary>An envelope with a type and a key; every other part of it is of any kind, in any order, in any encoding.</summary>
    public static Gen<byte[]> Envelope(string type, string key)
    {
        var spelled = Gen.OneOf("\"{0}\":", "\"{0} \":", "\" {0}\" :", "\n\"{0}\":");
        Gen<string> Part(string name, Gen<string> value) =>
            Gen.Select(spelled, value, (spelling, inner) => spelling.Replace("{0}", name, StringComparison.Ordinal) + inner);
        Gen<string> Extra() => Gen.Select(Gen.Int[0, 9], Value, (number, value) => $"\"extra\\ud83d{number}\":{value}");
        Gen<string> Shuffled(params Gen<string>[] parts) => Gen.Select(
            parts[0], parts[1], parts[2], parts[3], (a, b, c, d) => new[] { a, b, c, d })
            .SelectMany(all => Gen.Shuffle(all))
            .Select(all => $"{{{string.Join(',', all)}}}");
        var meta = Shuffled(Part("idempotencyKey", Gen.Const($"\"{key}\"")), Part("timeStamp", Value), Extra(), Extra());
        var body = Shuffled(Part("type", Gen.Const($"\"{type}\"")), Part("content", Value), Part("meta", meta), Extra());
        var encodings = Gen.OneOf<Encoding>(Encoding.UTF8, Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode);
        return Gen.Select(body, encodings, Gen.Bool, (text, encoding, marked) =>
            (byte[])[.. marked ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);
    }
}

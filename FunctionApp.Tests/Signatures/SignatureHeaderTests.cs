using System.Text;
using Microsoft.Extensions.Primitives;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Signatures;

/// <summary>Vectors made with `printf BODY | openssl dgst -shaNNN -hmac KEY -binary | base64 -w0`.</summary>
internal sealed class SignatureHeaderTests
{
    private const string Key = "158b08cc-6a06-49f2-a724-2bc514fdcf1e";
    private const string Body = "{\"type\":\"ProvisioningStarted\"}";
    private const string Sha256 = "X1NhfbgkqaB+xUEqwqJdbkjsi6fQkkxVvQaWCbw1gsQ=";
    private const string Sha384 = "oB+d40YVxD2jHl17hRkVXecH26NbSWewWvKwXIQVUb8Us6E/GEbQTv734q06XYdn";
    private const string Sha512 = "xoTVXFcZP0zMa4zfFR5mEsWm/mNJYcGSJsnmI9/tM6TCqp0kktQz98jorL+nP+iBYjgFMgoK90c670O58IgTtA==";

    [TestCase("HMACSHA256", Sha256)]
    [TestCase("HMAC-SHA256", Sha256)]
    [TestCase("SHA256", Sha256)]
    [TestCase("sha-256", Sha256)]
    [TestCase("HS256", Sha256)]
    [TestCase("HMAC-SHA-256", Sha256)]
    [TestCase("HMAC_SHA256", Sha256)]
    [TestCase("hmac_sha_256", Sha256)]
    [TestCase("hmac-sha384", Sha384)]
    [TestCase("SHA384", Sha384)]
    [TestCase("HMACSHA512", Sha512)]
    [TestCase("hs512", Sha512)]
    public void A_pinned_vector_is_valid(string algorithm, string signature) =>
        Assert.That(Verify(signature, algorithm), Is.EqualTo("valid"));

    [Test]
    public void No_algorithm_means_HMAC_SHA256() =>
        Assert.That(Verify(Sha256, StringValues.Empty), Is.EqualTo("valid"));

    [TestCase("MD5")]
    [TestCase("HMACSHA1")]
    [TestCase("SHA1")]
    [TestCase("none")]
    [TestCase("")]
    [TestCase("SHA256 ")]
    public void Another_algorithm_is_refused(string algorithm) =>
        Assert.That(Verify(Sha256, algorithm), Is.EqualTo(SignatureHeaderError.UnsupportedAlgorithm));

    [Test]
    public void No_signature_is_missing()
    {
        Assert.That(Verify(StringValues.Empty, "SHA256"), Is.EqualTo(SignatureHeaderError.Missing));
        Assert.That(Verify("", "SHA256"), Is.EqualTo(SignatureHeaderError.Missing));
    }

    [Test]
    public void Several_signatures_or_algorithms_are_refused_even_if_one_is_right()
    {
        Assert.That(Verify(new StringValues([Sha256, Sha256]), "SHA256"), Is.EqualTo(SignatureHeaderError.Repeated));
        Assert.That(Verify($"{Sha256},{Sha256}", "SHA256"), Is.EqualTo(SignatureHeaderError.Repeated));
        Assert.That(Verify(Sha256, new StringValues(["SHA256", "SHA256"])), Is.EqualTo(SignatureHeaderError.Repeated));
        Assert.That(Verify(Sha256, "SHA256, SHA256"), Is.EqualTo(SignatureHeaderError.Repeated));
    }

    [Test]
    public void Base64_that_is_not_the_standard_form_of_the_hash_is_malformed()
    {
        string[] variants =
        [
            Sha256.TrimEnd('='),
            " " + Sha256,
            Sha256 + "\t",
            Sha256.Insert(10, " "),
            Sha256.Replace('+', '-').Replace('/', '_') + "_",
            Convert.ToHexString(Convert.FromBase64String(Sha256)),
            Sha384,
            "not base64",
            // The last character before the padding carries two bits that have to be zero.
            Sha256[..^2] + (char)(Sha256[^2] + 1) + "=",
        ];
        foreach (var variant in variants)
            Assert.That(Verify(variant, "SHA256"), Is.EqualTo(SignatureHeaderError.Malformed), variant);
    }

    [Test]
    public void Another_body_key_or_hash_is_a_mismatch()
    {
        Assert.That(Verify(Bytes(Body + " "), Sha256, "SHA256", [Bytes(Key)]), Is.EqualTo("mismatch"));
        Assert.That(Verify(Bytes(Body), Sha256, "SHA256", [Guid.Parse(Key).ToByteArray()]), Is.EqualTo("mismatch"), "the key is the text, not the GUID's bytes");
        Assert.That(Verify(Bytes(Body), Sha256, "SHA256", []), Is.EqualTo("mismatch"), "no key matches nothing");
    }

    [Test]
    public void Any_of_the_keys_will_do()
    {
        Assert.That(Verify(Bytes(Body), Sha256, "SHA256", [Bytes("another"), Bytes(Key)]), Is.EqualTo("valid"));
        Assert.That(Verify(Bytes(Body), Sha256, "SHA256", [Bytes(Key), Bytes("another")]), Is.EqualTo("valid"));
    }

    private static object Verify(StringValues signature, StringValues algorithm) =>
        Verify(Bytes(Body), signature, algorithm, [Bytes(Key)]);

    private static object Verify(byte[] body, StringValues signature, StringValues algorithm, IReadOnlyList<byte[]> keys)
    {
        var error = SignatureHeader.TryParse(signature, algorithm, out var parsed);
        return error is { } wrong ? wrong : parsed.Matches(body, keys) ? "valid" : "mismatch";
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

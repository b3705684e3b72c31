using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

internal sealed class ParsedSignatureTests
{
    [TestCase("SHA256", 32)]
    [TestCase("SHA384", 48)]
    [TestCase("SHA512", 64)]
    public void It_has_exactly_the_bytes_of_its_hash(string hash, int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);

        Assert.That(new ParsedSignature(new HashAlgorithmName(hash), bytes).Value.ToArray(), Is.EqualTo(bytes));
        foreach (var other in (int[])[0, length - 1, length + 1, 1000])
            Assert.That(() => new ParsedSignature(new HashAlgorithmName(hash), new byte[other]), Throws.InstanceOf<FormatException>());
    }

    [TestCase("SHA1", 20)]
    [TestCase("MD5", 16)]
    [TestCase("none", 64)]
    public void A_hash_that_is_not_accepted_is_refused(string hash, int length) =>
        Assert.That(() => new ParsedSignature(new HashAlgorithmName(hash), new byte[length]), Throws.InstanceOf<FormatException>());

    // A flood of forgeries must not keep the garbage collector busy.
    [TestCase(true)]
    [TestCase(false)]
    public void Verifying_allocates_nothing(bool isKeyFetched)
    {
        var account = new SimulatedAccount();
        using var app = new SimulatedApp(account, isKeyFetched ? new SimulatedVendor() : null);
        var verifier = app.Get<SignatureVerifier>();
        var body = SimulatedApp.Body("key");
        StringValues signature = WebhookSender.Sign(body, SimulatedApp.Key);
        StringValues algorithm = "HMACSHA256";
        app.Run(() => app.Get<SignatureKeys>().GetAsync());
        var verdict = Verify();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            verdict = Verify();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((verdict, allocated), Is.EqualTo(((SignatureVerdict?)SignatureVerdict.Valid, 0L)));

        SignatureVerdict? Verify()
        {
            SignatureHeader.TryParse(signature, algorithm, out var parsed);
            var verifying = verifier.VerifyAsync(parsed, body);
            return verifying.IsCompletedSuccessfully ? verifying.Result : null;
        }
    }
}

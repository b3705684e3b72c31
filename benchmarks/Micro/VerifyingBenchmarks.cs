using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Octokit.Webhooks;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;
using Stripe;

namespace PointWebhooks.Benchmarks.Micro;

/// <summary>From the headers and the bytes of a body to whether it is authentic.</summary>
[MemoryDiagnoser]
public class VerifyingBenchmarks
{
    private const string Key = "0d3b4c8e-6f0e-4a44-9f7e-2f4d3f0f6c11";

    private readonly byte[] key = Encoding.UTF8.GetBytes(Key);
    private readonly byte[] computed = new byte[HMACSHA256.HashSizeInBytes];
    private byte[] body = [];
    private string text = "";
    private byte[] expected = [];
    private StringValues signature;
    private StringValues algorithm;
    private string hubSignature = "";
    private string stripeSignature = "";
    private SignatureVerifier verifier = null!;

    /// <summary>The length of the body, in bytes.</summary>
    [Params(600, 64 * 1024)]
    public int Size { get; set; }

    /// <summary>Signs a body in each of the ways.</summary>
    [GlobalSetup]
    public void Sign()
    {
        body = SampleEvents.Body("ProvisioningStarted", "key", Size);
        text = Encoding.UTF8.GetString(body);
        expected = HMACSHA256.HashData(key, body);
        (signature, algorithm) = (WebhookSender.Sign(body, Key), "HMACSHA256");
        hubSignature = $"sha256={Convert.ToHexStringLower(expected)}";
        var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var stripe = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{at}.{text}"));
        stripeSignature = $"t={at},v1={Convert.ToHexStringLower(stripe)}";
        var settings = ValidSettings.With(("Point:SignatureKey", Key));
        verifier = new ServiceCollection().AddLogging().AddSingleton(settings).AddPointWebhooks(settings)
            .BuildServiceProvider().GetRequiredService<SignatureVerifier>();
        if (!Limit() || !Octokit() || !StripeNet() || !PointWebhooks())
            throw new InvalidOperationException("A signature is refused that is right.");
    }

    /// <summary>What no verification can do without: the HMAC, and comparing it.</summary>
    [Benchmark(Baseline = true)]
    public bool Limit()
    {
        HMACSHA256.HashData(key, body, computed);
        return CryptographicOperations.FixedTimeEquals(computed, expected);
    }

    /// <summary>This app: parse both headers, verify against the valid keys, which are known.</summary>
    [Benchmark]
    public bool PointWebhooks() =>
        SignatureHeader.TryParse(signature, algorithm, out var parsed) is null
        && IsValid(verifier.VerifyAsync(parsed, body));

    /// <summary>Octokit.Webhooks.</summary>
    [Benchmark]
    public bool Octokit() => WebhookSignatureValidator.Verify(hubSignature, Key, text) == WebhookSignatureValidationResult.Valid;

    /// <summary>Stripe.net, with the body as the text that it asks for.</summary>
    [Benchmark]
    public bool StripeNet()
    {
        EventUtility.ValidateSignature(text, stripeSignature, Key, tolerance: 1_000_000);
        return true;
    }

    private static bool IsValid(ValueTask<SignatureVerdict> verdict) => verdict is { IsCompletedSuccessfully: true, Result: SignatureVerdict.Valid };
}

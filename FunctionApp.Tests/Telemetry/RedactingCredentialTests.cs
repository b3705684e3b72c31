using Azure.Core;
using Azure.Identity;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

public sealed class RedactingCredentialTests
{
    private const string Secret = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

    [TestCase("AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1", "AADSTS7000215: Invalid client secret provided.")]
    [TestCase(
        $"It could not be parsed. Error response received from the server: {{\"access_token\": {Secret}}}.", "It could not be parsed.")]
    public void A_failure_says_why_and_quotes_nothing_of_the_answer(string message, string said)
    {
        var credential = new RedactingCredential(DelegatedTokenCredential.Create(
            (_, _) => throw new AuthenticationFailedException(message, new FormatException(Secret)),
            (_, _) => throw new AuthenticationFailedException(message, new FormatException(Secret))));
        var request = new TokenRequestContext(["x/.default"]);

        var failures = new[]
        {
            Assert.Throws<AuthenticationFailedException>(() => credential.GetToken(request, CancellationToken.None)),
            Assert.ThrowsAsync<AuthenticationFailedException>(async () => await credential.GetTokenAsync(request, CancellationToken.None)),
        };

        Assert.That(failures.Select(failure => failure!.Message), Is.All.EqualTo(said));
        Assert.That(failures.Select(failure => failure!.InnerException), Is.All.Null);
    }
}

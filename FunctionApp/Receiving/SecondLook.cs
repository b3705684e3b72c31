using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PointWebhooks.Registration;

namespace PointWebhooks.Receiving;

/// <summary>
/// Looks again at requests whose signature matched no key while Syskit Point could not be asked whether its key had changed. Each
/// waits in memory, unread, until it can be asked; one that then proves authentic is admitted although its sender was refused.
/// docs/security.md says why.
/// </summary>
public sealed partial class SecondLook(SignatureKeys keys, ILogger<SecondLook> logger)
{
    /// <summary>How many requests may wait: 16 MiB at most, whoever sends them.</summary>
    public const int Places = 64;

    private int taken;

    /// <summary>Takes a request if there is a place; nobody waits for what comes of it.</summary>
    /// <param name="body">The body, byte for byte as received.</param>
    /// <param name="signature">The values of the <c>Signature</c> header.</param>
    /// <param name="algorithm">The values of the <c>Algorithm</c> header.</param>
    /// <param name="admit">What to do with the body if it proves authentic.</param>
    public void Take(ReadOnlyMemory<byte> body, StringValues signature, StringValues algorithm, Func<ReadOnlyMemory<byte>, Task> admit)
    {
        if (Interlocked.Increment(ref taken) <= Places)
            _ = LookAsync(body, signature, algorithm, admit);
        else
            Interlocked.Decrement(ref taken);
    }

    private async Task LookAsync(ReadOnlyMemory<byte> body, StringValues signature, StringValues algorithm, Func<ReadOnlyMemory<byte>, Task> admit)
    {
        try
        {
            var refreshed = await keys.RefreshWhenPossibleAsync() ?? [];
            if (SignatureVerifier.Verify(body.Span, signature, algorithm, refreshed) == SignatureCheck.Valid)
            {
                LogAuthentic();
                await admit(body);
            }
        }
        finally
        {
            Interlocked.Decrement(ref taken);
        }
    }

    [LoggerMessage(32, LogLevel.Warning, "A request that was refused while the signature key was changing has proved authentic and is taken after all.")]
    private partial void LogAuthentic();
}

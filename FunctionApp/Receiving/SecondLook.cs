using Microsoft.Extensions.Logging;
using PointWebhooks.Registration;

namespace PointWebhooks.Receiving;

/// <summary>
/// Looks again at requests whose signature matched no key while Syskit Point could not be asked whether its key had changed. Each
/// waits in memory, unread, until it can be asked; one that then proves authentic is taken in although its sender was refused.
/// docs/security.md says why.
/// </summary>
public sealed partial class SecondLook(SignatureKeys keys, EventIntake intake, TimeProvider time, ILogger<SecondLook> logger)
{
    /// <summary>How many requests may wait: 16 MiB at most, whoever sends them.</summary>
    public const int Places = 64;

    private int taken;

    /// <summary>Takes a request if there is a place; nobody waits for what comes of it.</summary>
    /// <param name="claimed">Its signature.</param>
    /// <param name="body">Its body, byte for byte as received.</param>
    public void Take(ClaimedSignature claimed, ReadOnlyMemory<byte> body)
    {
        if (Interlocked.Increment(ref taken) <= Places)
            _ = LookAsync(claimed, body, time.GetUtcNow());
        else
            Interlocked.Decrement(ref taken);
    }

    private async Task LookAsync(ClaimedSignature claimed, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        try
        {
            var refreshed = await keys.RefreshWhenPossibleAsync() ?? [];
            if (claimed.Matches(body.Span, refreshed))
            {
                LogAuthentic();
                await intake.TakeInAsync(body, receivedAt);
            }
        }
        finally
        {
            Interlocked.Decrement(ref taken);
        }
    }

    [LoggerMessage(
        32, LogLevel.Warning,
        "A request that was refused while the signature key was changing has proved authentic and is taken after all.")]
    private partial void LogAuthentic();
}

using System.Threading.RateLimiting;

namespace PointWebhooks.Receiving;

/// <summary>
/// Room for large bodies: only so many are in memory at once, however many arrive. Many times a body's length is needed to bring it into
/// storage, and an instance of 512 MB is ended when its memory is used up. Small bodies need no room, so that no flood of large
/// ones holds back the events of Syskit Point.
/// </summary>
internal sealed class LargeBodies(TimeProvider time) : IDisposable
{
    /// <summary>The longest body that needs no room, in bytes: 16 KiB, several times an event of Syskit Point.</summary>
    public const int MaxSmall = 16 * 1024;

    /// <summary>How many are in memory at once.</summary>
    public const int AtOnce = 8;

    /// <summary>How many wait for room; the next is refused at once.</summary>
    public const int MostWaiting = 128;

    /// <summary>How long one waits for room, unread, before it is refused.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnce,
        QueueLimit = MostWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>The room of one request, which takes none yet.</summary>
    public Room NewRoom() => new(this);

    /// <inheritdoc/>
    public void Dispose() => limiter.Dispose();

    private async Task<RateLimitLease?> AcquireAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var lease = await limiter.AcquireAsync(1, either.Token);
            return lease.IsAcquired ? lease : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The room of one request. Disposed when the request is answered, it gives back what it has taken.</summary>
    internal sealed class Room(LargeBodies bodies) : IDisposable
    {
        private RateLimitLease? taken;

        /// <summary>Takes room for a body of a length, if it needs any and has none yet.</summary>
        /// <returns>Whether there is room.</returns>
        /// <exception cref="OperationCanceledException">The sender has gone, or its time is over.</exception>
        public async ValueTask<bool> TakeAsync(long length, CancellationToken cancellationToken) =>
            length <= MaxSmall || (taken ??= await bodies.AcquireAsync(cancellationToken)) is not null;

        /// <inheritdoc/>
        public void Dispose() => taken?.Dispose();
    }
}

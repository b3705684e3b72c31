using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Receiving;

/// <summary>Reads a request's body as the bytes that were sent, chunked or with a length, within bounds of size and time.</summary>
internal static class BoundedBody
{
    /// <summary>The largest body that is taken, in bytes: 256 KiB, far above any event, and within one row of the ledger.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>How long a body may take to arrive, however slowly and steadily it comes.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    /// <summary>Reads the body.</summary>
    /// <param name="room">Where a large one takes room; it is the caller's to give back when the body is done with.</param>
    /// <returns>
    /// The body, or <see cref="Refusal.BodyTooLarge"/> as soon as it is known to be, <see cref="Refusal.Overloaded"/> when there is no
    /// room for it, or <see cref="Refusal.BodyIncomplete"/>.
    /// </returns>
    public static async Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        HttpRequest request, LargeBodies.Room room, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            // Most have arrived with their headers, and need no clock.
            if (request.ContentLength <= LargeBodies.MaxSmall && TryReadWhole(request.BodyReader, out var whole))
                return (whole, null);
            using var limit = new CancellationTokenSource(MaxTime, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            return await RefusalAsync(request.ContentLength ?? 0, room, either.Token) is { } refusal
                ? (default, refusal)
                : await ReadAsync(request.BodyReader, room, either.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return (default, Refusal.BodyIncomplete);
        }
    }

    private static bool TryReadWhole(PipeReader reader, out ReadOnlyMemory<byte> body)
    {
        body = default;
        if (!reader.TryRead(out var read))
            return false;
        if (read.IsCompleted)
            body = read.Buffer.ToArray();
        reader.AdvanceTo(read.IsCompleted ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
        return read.IsCompleted;
    }

    private static async ValueTask<Refusal?> RefusalAsync(long length, LargeBodies.Room room, CancellationToken cancellationToken) =>
        length > MaxLength ? Refusal.BodyTooLarge
        : await room.TakeAsync(length, cancellationToken) ? null
        : Refusal.Overloaded;

    private static async Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        PipeReader reader, LargeBodies.Room room, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (await RefusalAsync(read.Buffer.Length, room, cancellationToken) is { } refusal)
            {
                reader.AdvanceTo(read.Buffer.Start);
                return (default, refusal);
            }

            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte> body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (body, null);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

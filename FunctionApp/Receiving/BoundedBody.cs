using System.Buffers;
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
    /// <returns>
    /// The body, or <see cref="Refusal.BodyTooLarge"/> as soon as it is known to be, or <see cref="Refusal.BodyIncomplete"/>.
    /// </returns>
    public static async Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        HttpRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return request.ContentLength > MaxLength || await ReadAsync(request, either.Token) is not { } body
                ? (default, Refusal.BodyTooLarge)
                : (body, null);
        }
        catch (Exception e) when (e is BadHttpRequestException or IOException or OperationCanceledException)
        {
            return (default, Refusal.BodyIncomplete);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxLength)
            {
                reader.AdvanceTo(read.Buffer.Start);
                return null;
            }

            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte> body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

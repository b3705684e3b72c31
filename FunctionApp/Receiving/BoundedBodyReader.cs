using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Receiving;

/// <summary>Reads a request's body as the bytes that were sent, chunked or with a length, and never more than it may be.</summary>
public static class BoundedBodyReader
{
    /// <summary>The largest body that is taken, in bytes: 256 KiB, far above any event, and within one row of the ledger.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>Reads the body, or returns null as soon as it is known to be longer than <see cref="MaxLength"/>.</summary>
    /// <exception cref="BadHttpRequestException">The body ended early or came too slowly.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxLength)
            return null;

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

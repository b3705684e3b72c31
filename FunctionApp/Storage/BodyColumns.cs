using Azure.Data.Tables;

namespace PointWebhooks.Storage;

/// <summary>How a body stands in a row: its bytes, in as many columns as it takes.</summary>
internal static class BodyColumns
{
    /// <summary>The column that has the length of the body, in bytes.</summary>
    public const string Length = "BodyLength";

    // The largest binary property of a table.
    private const int ChunkSize = 64 * 1024;

    public static void Write(TableEntity row, ReadOnlyMemory<byte> body)
    {
        row[Length] = body.Length;
        for (var start = 0; start < body.Length; start += ChunkSize)
            row[Chunk(start)] = body.Slice(start, Math.Min(ChunkSize, body.Length - start)).ToArray();
    }

    /// <summary>Reads a body, or null from a row that was read without it.</summary>
    /// <exception cref="FormatException">A column of it is missing or cannot be read.</exception>
    public static byte[]? Read(TableEntity row)
    {
        if (!row.TryGetValue(Length, out var value) || value is null)
            return null;
        if (value is not int length || length < 0)
            throw new FormatException($"Its column {Length} cannot be read.");

        using var body = new MemoryStream();
        for (var start = 0; start < length; start += ChunkSize)
        {
            if (!row.TryGetValue(Chunk(start), out var chunk) || Bytes(chunk) is not { } bytes)
                throw new FormatException($"Its column {Chunk(start)} is missing or cannot be read.");
            body.Write(bytes);
        }

        return body.Length == length ? body.ToArray() : throw new FormatException("Its body is not as long as its row says.");
    }

    private static byte[]? Bytes(object? chunk) => chunk as byte[] ?? (chunk as BinaryData)?.ToArray();

    private static string Chunk(int start) => $"Body{start / ChunkSize}";
}

using Azure.Data.Tables;

namespace PointWebhooks.Ledger;

/// <summary>How a body stands in a row: its bytes, in as many columns as it takes.</summary>
internal static class BodyColumns
{
    // The largest binary property of a table.
    private const int ChunkSize = 64 * 1024;
    private const string Length = "BodyLength";

    /// <summary>Puts a body into a row.</summary>
    public static void Write(TableEntity row, ReadOnlyMemory<byte> body)
    {
        row[Length] = body.Length;
        for (var start = 0; start < body.Length; start += ChunkSize)
            row[Chunk(start)] = body.Slice(start, Math.Min(ChunkSize, body.Length - start)).ToArray();
    }

    /// <summary>Reads a body, or null from a row that was read without it.</summary>
    public static byte[]? Read(TableEntity row)
    {
        if (row.GetInt32(Length) is not { } length)
            return null;

        var body = new byte[length];
        for (var start = 0; start < length; start += ChunkSize)
            row.GetBinary(Chunk(start)).CopyTo(body.AsSpan(start));
        return body;
    }

    private static string Chunk(int start) => $"Body{start / ChunkSize}";
}

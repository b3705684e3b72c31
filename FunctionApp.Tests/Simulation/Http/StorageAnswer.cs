namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>What the service answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers that the clients read.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record StorageAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>An answer without a body.</summary>
    public static StorageAnswer Empty(int status, params IReadOnlyList<(string Name, string Value)> headers) => new(status, headers, []);

    /// <summary>An answer with a body.</summary>
    public static StorageAnswer Of(string contentType, byte[] body, int status = 200, params IReadOnlyList<(string, string)> headers) =>
        new(status, [("Content-Type", contentType), .. headers], body);
}

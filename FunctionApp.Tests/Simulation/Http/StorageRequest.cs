using Azure.Core;
using PointWebhooks.Tests.Simulation.Queues;
using PointWebhooks.Tests.Simulation.Tables;

namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>A request as the service sees it.</summary>
/// <param name="Operation">What it asks for.</param>
/// <param name="Resource">The table or queue it is about; of a transaction, the table of its first operation.</param>
/// <param name="Path">Its path, unescaped.</param>
/// <param name="Query">The parameters of its url, unescaped.</param>
/// <param name="IfMatch">The version it requires, or null.</param>
/// <param name="Body">Its body.</param>
internal sealed record StorageRequest(
    StorageOperation Operation,
    string Resource,
    string Path,
    IReadOnlyDictionary<string, string> Query,
    string? IfMatch,
    ReadOnlyMemory<byte> Body)
{
    /// <summary>Reads a request of an Azure SDK client.</summary>
    public static StorageRequest Read(Request request)
    {
        var body = ReadBody(request);
        request.Headers.TryGetValue("If-Match", out var ifMatch);
        return Read(request.Method.Method, request.Uri.ToUri(), ifMatch, body);
    }

    /// <summary>Reads a request, or one of a transaction.</summary>
    public static StorageRequest Read(string method, Uri url, string? ifMatch, ReadOnlyMemory<byte> body)
    {
        var path = Uri.UnescapeDataString(url.AbsolutePath);
        var query = Parameters(url.Query);
        var (operation, resource) = url.Host == SimulatedStorage.TableHost
            ? TableRoutes.Match(method, path, body)
            : QueueRoutes.Match(method, path, query);
        return new StorageRequest(operation, resource, path, query, ifMatch, body);
    }

    private static ReadOnlyMemory<byte> ReadBody(Request request)
    {
        if (request.Content is not { } content)
            return default;
        using var stream = new MemoryStream();
        content.WriteTo(stream, CancellationToken.None);
        return stream.ToArray();
    }

    private static Dictionary<string, string> Parameters(string query)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var parameter in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = parameter.Split('=', 2);
            parameters[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts[^1]);
        }

        return parameters;
    }
}

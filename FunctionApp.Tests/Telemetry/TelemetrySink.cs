using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Where telemetry is sent to over real HTTP: takes whatever comes, and keeps it by path as text.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> requests = [];

    private TelemetrySink(WebApplication server) => this.server = server;

    public string Url => server.Urls.Single();

    public IReadOnlySet<string> Paths => requests.Select(request => request.Path).ToHashSet();

    public static async Task<TelemetrySink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var sink = new TelemetrySink(builder.Build());
        sink.server.Run(sink.TakeAsync);
        await sink.server.StartAsync();
        return sink;
    }

    /// <summary>Everything that was sent to a path, or to all; protobuf keeps text as it is.</summary>
    public string Received(string? path = null) =>
        string.Join('\n', requests.Where(request => path is null || request.Path == path).Select(request => Text(request.Body)));

    /// <summary>The bodies that were sent to a path.</summary>
    public IEnumerable<byte[]> Bodies(string path) => requests.Where(request => request.Path == path).Select(request => request.Body);

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private static string Text(byte[] body) => Encoding.UTF8.GetString(body);

    private async Task TakeAsync(HttpContext context)
    {
        var isZipped = context.Request.Headers.ContentEncoding == "gzip";
        await using var body = isZipped ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes);
        requests.Enqueue((context.Request.Path, bytes.ToArray()));
    }
}

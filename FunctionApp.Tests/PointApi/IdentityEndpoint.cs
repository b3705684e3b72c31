using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Tests.PointApi;

/// <summary>The endpoint at which App Service and Functions hand out tokens of a managed identity, named by two environment variables.</summary>
internal sealed class IdentityEndpoint(WebApplication server) : IAsyncDisposable
{
    /// <summary>Starts one that hands out a token.</summary>
    public static Task<IdentityEndpoint> StartAsync(Func<IQueryCollection, string> token) => AnsweringAsync(request => Results.Json(new
    {
        access_token = token(request.Query),
        expires_on = DateTimeOffset.UtcNow.AddHours(24).ToUnixTimeSeconds().ToString(),
        token_type = "Bearer",
        resource = request.Query["resource"].ToString(),
        client_id = request.Query["client_id"].ToString(),
    }));

    /// <summary>Starts one that answers as it is told.</summary>
    public static async Task<IdentityEndpoint> AnsweringAsync(Func<HttpRequest, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = builder.Build();
        server.MapGet("/msi/token", (HttpRequest request) => answer(request));
        await server.StartAsync();
        Set($"{server.Urls.Single()}/msi/token", Guid.NewGuid().ToString());
        return new IdentityEndpoint(server);
    }

    public async ValueTask DisposeAsync()
    {
        Set(null, null);
        await server.DisposeAsync();
    }

    private static void Set(string? endpoint, string? header)
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", endpoint);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", header);
    }
}

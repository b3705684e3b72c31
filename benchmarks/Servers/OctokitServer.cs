using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Octokit.Webhooks;
using Octokit.Webhooks.AspNetCore;
using PointWebhooks.Benchmarks.Load;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>The receiver of GitHub's webhooks, as its documentation shows it.</summary>
internal static class OctokitServer
{
    /// <summary>The status that it refuses with.</summary>
    public const int Refused = 400;

    /// <summary>Builds it.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WebhookEventProcessor, Processor>();
        var app = builder.Build();
        app.MapGitHubWebhooks(MeasuredServers.Path, RawRequest.Key);
        return app;
    }

    private sealed class Processor : WebhookEventProcessor;
}

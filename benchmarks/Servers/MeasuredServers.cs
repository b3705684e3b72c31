using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using PointWebhooks.Benchmarks.Runs;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>The servers that are measured.</summary>
internal static class MeasuredServers
{
    /// <summary>This app, in LocalHost.</summary>
    public const string Product = "product";

    /// <summary>A bare endpoint that verifies.</summary>
    public const string Bare = "bare";

    /// <summary>A bare endpoint that verifies, inserts and sends.</summary>
    public const string BareAccepting = "bare-accepting";

    /// <summary>A bare loop that processes what the bare endpoint has sent.</summary>
    public const string BareDraining = "bare-draining";

    /// <summary>Octokit.Webhooks.AspNetCore.</summary>
    public const string Octokit = "octokit";

    /// <summary>Where they receive.</summary>
    public const string Path = "/api/webhooks/point";

    /// <summary>Runs one until its standard input is closed, as the end of the process that started it does.</summary>
    public static async Task RunAsync(string name, CancellationToken cancellationToken)
    {
        await using var app = name switch
        {
            Product => ProductServer.Build(),
            Bare or BareDraining => BareServer.Build(NewBuilder()),
            BareAccepting => await BareServer.BuildAcceptingAsync(NewBuilder()),
            Octokit => OctokitServer.Build(NewBuilder()),
            _ => throw new ArgumentException($"There is no server {name}.", nameof(name)),
        };
        await app.StartAsync(cancellationToken);
        Console.WriteLine(new Uri(new Uri(app.Urls.Single()), Path));
        var running = name == BareDraining
            ? BareDrain.RunAsync(Environment.GetEnvironmentVariable("AzureWebJobsStorage")!)
            : Task.Delay(Timeout.Infinite, cancellationToken);
        await await Task.WhenAny(running, Console.In.ReadToEndAsync(cancellationToken));
    }

    private static WebApplicationBuilder NewBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder;
    }
}

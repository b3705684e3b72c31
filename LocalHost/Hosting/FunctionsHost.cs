using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>Runs the app's functions in this process: HTTP by Kestrel, queues by polling, timers by their schedule.</summary>
internal static class FunctionsHost
{
    /// <summary>Builds the host, not started yet.</summary>
    /// <param name="root">The folder of host.json.</param>
    /// <param name="port">The port to listen on at 127.0.0.1; 0 takes a free one.</param>
    /// <param name="addSettings">Adds the settings. There are no others, such as those of this machine (<see cref="AddSettings"/>).</param>
    /// <param name="configure">Adds services after the app's own.</param>
    public static WebApplication Build(
        string root, int port, Action<IConfigurationBuilder> addSettings, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = root });
        builder.Configuration.Sources.Clear();
        addSettings(builder.Configuration);
        builder.UseLoopback(port);
        builder.Logging.AddFilter("Polly", LogLevel.Error);

        builder.Services.AddPointWebhooks(builder.Configuration);
        builder.Services.AddSingleton(HostSettings.Read(Path.Combine(root, "host.json"), builder.Configuration));
        builder.Services.AddSingleton(FunctionDescriptor.All);
        builder.Services.AddSingleton<TimerFunctions>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TimerFunctions>());
        builder.Services.AddHostedService<QueueFunctions>();
        configure?.Invoke(builder.Services);
        builder.Services.AddLocalTelemetry(builder.Configuration);

        var app = builder.Build();
        HttpFunctions.Map(app, FunctionDescriptor.All, app.Services.GetRequiredService<HostSettings>().RoutePrefix);
        return app;
    }

    /// <summary>Runs a timer function of a started host now, beside its schedule.</summary>
    public static Task RunTimerAsync(this WebApplication app, string name, CancellationToken cancellationToken = default) =>
        app.Services.GetRequiredService<TimerFunctions>().RunNowAsync(name, cancellationToken);

    /// <summary>Adds the settings of this machine: of local.settings.json, and before them those of the environment.</summary>
    public static IConfigurationBuilder AddSettings(IConfigurationBuilder configuration, string root) => configuration
        .AddInMemoryCollection(LocalSettings.Read(Path.Combine(root, "local.settings.json")))
        .AddEnvironmentVariables();
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>One run of everything: storage emulator, simulator, functions; whatever it starts, it stops.</summary>
internal static class LocalSession
{
    private const string StorageSetting = "AzureWebJobsStorage";
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    public static async Task<int> RunAsync(int port, bool withSimulator, bool smoke, CancellationToken cancellationToken)
    {
        var root = RepositoryRoot.Find();
        // Who watches does not want to wait for the next look at a queue.
        var settings = new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:00:01" };
        await using var emulator = await StartEmulatorAsync(root, settings, cancellationToken);

        var point = new SimulatedPoint();
        await using var server = withSimulator ? await PointServer.StartAsync(point, port + 1, cancellationToken) : null;
        if (server is not null)
        {
            Demonstration.Tell($"Syskit Point is simulated at {server.Urls.First()} with the signature key {point.SignatureKey}.");
            settings["Point:BaseUrl"] = server.Urls.First();
            settings["Point:EndpointUrl"] = $"http://127.0.0.1:{port}{Settings.PointOptions.ReceiverPath}";
            settings["Point:DevelopmentToken"] = point.Token;
            settings["Point:SignatureKey"] = null;
        }

        await using var app = FunctionsHost.Build(
            root, port, settings, services => services.AddLogging(logging => logging.AddPlainConsole()));
        await app.StartAsync(cancellationToken);
        Demonstration.Tell($"The functions listen at http://127.0.0.1:{port}.");
        await app.RunTimerAsync("RegisterEndpoint", cancellationToken);

        var succeeded = server is null || await new Demonstration(point, new Uri($"http://127.0.0.1:{port}")).RunAsync(cancellationToken);
        if (!smoke)
        {
            Demonstration.Tell("Serving until Ctrl+C.");
            await app.WaitForShutdownAsync(cancellationToken);
        }

        await app.StopAsync(CancellationToken.None);
        return succeeded || !smoke ? 0 : 1;
    }

    private static async Task<Emulator?> StartEmulatorAsync(
        string root, Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        var configured = new ConfigurationBuilder()
            .AddInMemoryCollection(LocalSettings.Read(Path.Combine(root, "local.settings.json")))
            .AddEnvironmentVariables()
            .Build();
        var section = configured.GetSection(StorageSetting);
        if (section.GetChildren().Any() || section.Value is not (null or "" or DevelopmentStorage))
            return null;

        settings[StorageSetting] = DevelopmentStorage;
        var data = Path.Combine(root, ".azurite");
        await Emulator.WaitForOrphanAsync(data, cancellationToken);
        if (await Emulator.IsListeningAsync(Emulator.DevelopmentPorts[2], cancellationToken))
        {
            Demonstration.Tell("A storage emulator listens already: using it.");
            return null;
        }

        await Emulator.InstallAsync(root, Demonstration.Tell, cancellationToken);
        var emulator = await Emulator.StartAsync(root, Emulator.DevelopmentPorts, data, null, cancellationToken);
        Demonstration.Tell("The storage emulator is running; its data is in .azurite.");
        return emulator;
    }
}

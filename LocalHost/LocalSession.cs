using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PointWebhooks.LocalHost.Downstream;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>One run of everything: storage emulator, simulator, functions; whatever it starts, it stops.</summary>
internal sealed class LocalSession(SessionOptions options)
{
    private const string RegisterFunction = "RegisterEndpoint";

    // Whoever pressed Ctrl+C does not want to wait for a storage that hangs.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    private readonly string root = RepositoryRoot.Find();
    private bool hasStarted;

    /// <summary>Runs until it is cancelled, or until the demonstration is over if that is all that is asked for.</summary>
    /// <returns>Whether all went as it should.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var stopping = cancellationToken.Register(() => Tell("Stopping ..."));
        var configuration = FunctionsHost.AddSettings(new ConfigurationBuilder(), root).Build();
        await using var storage = await LocalStorage.OpenAsync(root, configuration, options.DataFolder, Tell, cancellationToken);
        Tell($"Storage: {storage.Description}.");
        var whyNot = options.Demonstrates ? null : WhyNoDemonstration(storage, configuration);
        var isDemonstrating = options.HasSimulator && whyNot is null;
        if (options.IsSmoke && whyNot is not null)
            throw new InvalidOperationException($"--smoke needs --demonstrate here, because {whyNot}.");

        var point = new SimulatedPoint();
        await using var simulator = options.HasSimulator ? await StartSimulatorAsync(point, cancellationToken) : null;
        await using var downstreams = options.HasHandlers ? await SimulatedDownstreams.StartAsync(Tell, cancellationToken) : null;
        var isRegistering = options.Registers(storage.IsRealAccount);
        var settings = Settings(storage, simulator, point);
        if (!isRegistering)
            settings[FunctionDescriptor.All.Single(function => function.Name == RegisterFunction).DisabledSetting] = "true";
        foreach (var (setting, value) in downstreams?.Settings ?? [])
            settings[setting] = value;
        await using var app = FunctionsHost.Build(
            root, options.Port, builder => FunctionsHost.AddSettings(builder, root).AddInMemoryCollection(settings), AddServices);
        await app.StartAsync(
            $"Port {options.Port}, for the functions,",
            $"Choose another with --port, such as --port {Other(options.Port)}.",
            cancellationToken);
        hasStarted = true;
        Tell($"The functions listen at http://127.0.0.1:{options.Port}.");
        if (isRegistering)
            await app.RunTimerAsync(RegisterFunction, cancellationToken);
        var hasSucceeded = !isDemonstrating || await DemonstrateAsync(point, downstreams, cancellationToken);
        if (options.HasSimulator && !isDemonstrating)
            Tell($"No demonstration, because {whyNot}: --demonstrate sends its invented events all the same.");
        if (!options.IsSmoke)
        {
            Tell("Serving until Ctrl+C.");
            await app.WaitForShutdownAsync(cancellationToken);
        }

        await app.StopAsync(CancellationToken.None);
        return hasSucceeded || !options.IsSmoke;
    }

    private static void Tell(string line) => Console.WriteLine($"==> {line}");

    // Invented events must not surprise anybody: the users of an account that others use, a channel of Teams, a project of Jira.
    private static string? WhyNoDemonstration(LocalStorage storage, IConfiguration configuration)
    {
        if (storage.IsRealAccount)
            return "the storage is no emulator";
        var handlers = configuration.GetSection("Handlers").GetChildren()
            .SelectMany(kind => kind.GetChildren().Select(handler => $"Handlers:{kind.Key}:{handler.Key}"))
            .ToList();
        return handlers.Count == 0 ? null : $"the settings have handlers of their own ({string.Join(", ", handlers)})";
    }

    private static int Other(int port) => port + (port < 65000 ? 10 : -10);

    private async Task<WebApplication> StartSimulatorAsync(SimulatedPoint point, CancellationToken cancellationToken)
    {
        var server = await PointServer.StartAsync(
            point,
            options.Port + 1,
            $"Choose other ports with --port, such as --port {Other(options.Port)}; the simulator's is the next one.",
            cancellationToken);
        Tell($"Syskit Point is simulated at {server.Urls.First()} with the signature key {point.SignatureKey}.");
        return server;
    }

    private Dictionary<string, string?> Settings(LocalStorage storage, WebApplication? simulator, SimulatedPoint point)
    {
        // Who watches does not want to wait for the next look at a queue.
        var settings = new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:queues:maxPollingInterval"] = "00:00:01" };
        if (storage.ConnectionString is { } connectionString)
            settings[ConfiguredStorage.Setting] = connectionString;
        if (simulator is not null)
        {
            settings["Point:BaseUrl"] = simulator.Urls.First();
            settings["Point:EndpointUrl"] = $"http://127.0.0.1:{options.Port}{PointWebhooks.Settings.PointOptions.ReceiverPath}";
            settings["Point:DevelopmentToken"] = point.Token;
            settings["Point:SignatureKey"] = null;
        }

        return settings;
    }

    private void AddServices(IServiceCollection services)
    {
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        // What keeps the app from starting is said once, in plain words, by whoever catches it.
        services.AddLogging(logging => PlainConsole.AddTo(logging).AddFilter(
            "Microsoft.Extensions.Hosting.Internal.Host", level => hasStarted && level >= LogLevel.Warning));
    }

    private Task<bool> DemonstrateAsync(
        SimulatedPoint point, SimulatedDownstreams? downstreams, CancellationToken cancellationToken) => new Demonstration(
        point,
        new Uri($"http://127.0.0.1:{options.Port}"),
        Tell,
        downstreams is null ? null : new HandlerStory(downstreams)).RunAsync(cancellationToken);
}

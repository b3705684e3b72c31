using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Registration;
using PointWebhooks.Simulator;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Histories;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Registration;

/// <summary>
/// The app's services, whose registration is run against a simulated Syskit Point over HTTP, on a simulated storage account. Nothing
/// triggers its functions but the test.
/// </summary>
internal sealed class RegisteringApp : IAsyncDisposable
{
    public const string Url = "http://127.0.0.1:7071/api/webhooks/point";

    private readonly WebApplication server;
    private readonly ServiceProvider services;

    private RegisteringApp(SimulatedPoint point, WebApplication server, SimulatedStorage storage, ServiceProvider services) =>
        (Point, this.server, Storage, this.services) = (point, server, storage, services);

    public SimulatedPoint Point { get; }

    public SimulatedStorage Storage { get; }

    public IServiceProvider Services => services;

    /// <summary>Starts an app.</summary>
    /// <param name="storage">The storage of an app before, or null for an empty one.</param>
    /// <param name="settings">Settings that differ from the usual.</param>
    /// <param name="log">Keeps its log, or null.</param>
    /// <param name="time">A clock, or null for the real one.</param>
    /// <param name="path">What becomes of its calls of storage, or null when all goes well.</param>
    public static async Task<RegisteringApp> StartAsync(
        SimulatedStorage? storage = null,
        Dictionary<string, string?>? settings = null,
        FakeLoggerProvider? log = null,
        TimeProvider? time = null,
        CallPath? path = null,
        Action<IServiceCollection>? configure = null)
    {
        if (storage is null)
            KnownLedger.Create(storage = new SimulatedStorage(TimeProvider.System));
        var point = new SimulatedPoint();
        var server = await PointServer.StartAsync(point, 0, CancellationToken.None);
        var configuration = ValidSettings.With(
        [
            ("AzureWebJobsStorage", SimulatedStorage.ConnectionString),
            ("Point:BaseUrl", server.Urls.Single()),
            ("Point:EndpointUrl", Url),
            ("Point:DevelopmentToken", point.Token),
            ("Point:ApiClientId", null),
            // Nothing listens at the url.
            ("Point:SelfCheck", "false"),
            .. (settings ?? []).Select(setting => (setting.Key, setting.Value)),
        ]);
        var collection = new ServiceCollection()
            .AddLogging(logging =>
            {
                if (log is not null)
                    logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
            })
            .AddSingleton(configuration)
            .AddPointWebhooks(configuration);
        collection.Replace(ServiceDescriptor.Singleton(new StorageConnection(configuration) { Transport = storage.Transport(path) }));
        if (time is not null)
        {
            collection.Replace(ServiceDescriptor.Singleton(time));
            // Storage is not faster than it is, whatever the clock.
            collection.Replace(ServiceDescriptor.Singleton(new StorageRetry(TimeProvider.System, Random.Shared)));
        }

        configure?.Invoke(collection);
        return new RegisteringApp(point, server, storage, collection.BuildServiceProvider());
    }

    /// <summary>Runs the registration.</summary>
    public async Task RunAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RegistrationRun>().RunAsync(CancellationToken.None);
    }

    /// <summary>Runs the registration and says what is recorded.</summary>
    public async Task<RegistrationResult> RegisterAsync()
    {
        await RunAsync();
        return await RecordAsync();
    }

    /// <summary>Runs the registration, which is to fail, and says what is recorded.</summary>
    public async Task<RegistrationResult> FailToRegisterAsync()
    {
        var failure = Assert.CatchAsync(RunAsync);
        var record = await RecordAsync();
        Assert.That(record.Result, Is.EqualTo(RegistrationResult.Failed));
        Assert.That(record.Error, Is.EqualTo(failure!.Message), "the host logs what the record says");
        return record;
    }

    /// <summary>What is recorded of the last run.</summary>
    public async Task<RegistrationResult> RecordAsync() =>
        (await Services.GetRequiredService<RegistrationStore>().ReadAsync(CancellationToken.None))!;

    /// <summary>The calls of the endpoints' API since a number of calls.</summary>
    public IReadOnlyList<string> MethodsSince(int calls) => [.. Point.CallLog.Skip(calls).Select(call => call.Split(' ')[0])];

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await server.StopAsync();
        await server.DisposeAsync();
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PointWebhooks.Handlers;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Scheduling;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>One instance of the app: a process with the app's own services, over the simulated storage and a clock of its own.</summary>
internal sealed class SimulatedInstance : IDisposable
{
    // By whether the key is fetched, and whether the handlers are those of settings.
    private static readonly Dictionary<(bool, bool), IConfiguration> Configurations = new()
    {
        [(true, false)] = Configuration(null, []),
        [(false, false)] = Configuration(SimulatedApp.Key, []),
        [(true, true)] = Configuration(null, CalledSystems.Settings),
        [(false, true)] = Configuration(SimulatedApp.Key, CalledSystems.Settings),
    };

    private readonly ServiceProvider services;
    private readonly CancellationTokenSource stopping = new();
    private readonly Timeline timeline;

    public SimulatedInstance(World world, string name)
    {
        timeline = world.Timeline;
        Process = new SimulatedProcess(timeline, name);
        Conditions = new Conditions(world);
        Time = new VirtualTime(world.Timeline, Process, (2 * world.Plan.UpTo(world.Plan.LongestSkew)) - world.Plan.LongestSkew);
        Transport = world.Storage.Transport(new SimulatedNetwork(world.Timeline, Process, Conditions).SendAsync);

        var configuration = Configurations[(world.Plan.FetchesKey, world.Plan.HasHandlers)];
        var collection = new ServiceCollection();
        collection.AddLogging();
        collection.AddSingleton(configuration);
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton(world.Plan.Random);
        collection.AddSingleton(this);
        collection.AddSingleton(world.Downstream);
        collection.AddPointWebhooks(configuration);
        collection.Replace(ServiceDescriptor.Singleton(new StorageConnection(configuration) { Transport = Transport }));
        var clients = world.Vendor.Service.Clients(Time);
        collection.Replace(ServiceDescriptor.Singleton(world.Systems?.Clients(this, clients) ?? clients));
        if (!world.Plan.HasHandlers)
            collection.AddEventHandler<FirstHandler>().AddEventHandler<SecondHandler>();
        services = collection.BuildServiceProvider();
    }

    public SimulatedProcess Process { get; }

    public Conditions Conditions { get; }

    public TimeProvider Time { get; }

    public Azure.Core.Pipeline.HttpPipelineTransport Transport { get; }

    public IServiceProvider Services => services;

    /// <summary>Whether it takes new work.</summary>
    public bool IsServing => !Process.IsDead && !stopping.IsCancellationRequested;

    /// <summary>Told when the instance shuts down.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>When its functions were told to stop, or it died untold.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    /// <summary>Tells its functions to stop.</summary>
    public void Stop()
    {
        EndsAt ??= timeline.Now;
        stopping.Cancel();
    }

    /// <summary>Lets it die.</summary>
    public void Kill()
    {
        EndsAt ??= timeline.Now;
        Process.Kill();
    }

    /// <summary>Runs a function as its trigger does.</summary>
    /// <param name="function">The function.</param>
    /// <param name="trigger">The request, the message or the time.</param>
    public Task<IResult?> InvokeAsync(FunctionDescriptor function, object? trigger) => function.InvokeAsync(
        services, parameter => parameter.ParameterType == typeof(CancellationToken) ? Stopping : trigger);

    /// <summary>Receives a webhook that is signed with a key.</summary>
    /// <returns>The status of the answer.</returns>
    public async Task<int> ReceiveAsync(FunctionDescriptor function, byte[] body, string key)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Method = HttpMethods.Post;
        context.Request.Headers["Signature"] =
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body));
        context.Request.ContentLength = body.Length;
        context.Request.Body = new MemoryStream(body);
        var result = await InvokeAsync(function, context.Request);
        return ((IStatusCodeHttpResult)result!).StatusCode!.Value;
    }

    public void Dispose()
    {
        services.Dispose();
        stopping.Dispose();
    }

    private static IConfiguration Configuration(string? signatureKey, IEnumerable<(string, string?)> handlers) => ValidSettings.With(
    [
        ("AzureWebJobsStorage", SimulatedStorage.ConnectionString),
        ("Point:BaseUrl", "http://127.0.0.1:9"),
        ("Point:ApiClientId", null),
        ("Point:DevelopmentToken", "simulated"),
        ("Point:SelfCheck", "false"),
        ("Point:EndpointUrl", Vendor.EndpointUrl),
        ("Point:SignatureKey", signatureKey),
        ("Ledger:RetentionDays", "1"),
        ("Retry:Schedule:0", "00:00:10"),
        ("Retry:Schedule:1", "00:01:00"),
        ("Retry:Schedule:2", "00:05:00"),
        ("Retry:Schedule:3", "00:30:00"),
        .. handlers,
    ]);
}

using Microsoft.AspNetCore.Builder;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.ServiceNow;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.ServiceNow;

/// <summary>A simulated ServiceNow over HTTP, and a handler of it.</summary>
internal sealed class ServiceNowUnderTest : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly IReadOnlyDictionary<string, string?> settings;

    private ServiceNowUnderTest(
        SimulatedServiceNow serviceNow, DownstreamCalls calls, WebApplication server, IReadOnlyDictionary<string, string?> settings)
    {
        (ServiceNow, Calls, this.server, this.settings) = (serviceNow, calls, server, settings);
        Handler = new HandlerRuns("ServiceNow", new MovableTime(), settings);
    }

    public SimulatedServiceNow ServiceNow { get; }

    public DownstreamCalls Calls { get; }

    public HandlerRuns Handler { get; }

    public static async Task<ServiceNowUnderTest> StartAsync(
        Dictionary<string, string?>? settings = null, Action<SimulatedServiceNow>? prepare = null)
    {
        var serviceNow = new SimulatedServiceNow();
        prepare?.Invoke(serviceNow);
        var calls = new DownstreamCalls(serviceNow);
        var server = await DownstreamServer.StartAsync(calls, 0, CancellationToken.None);
        var all = new Dictionary<string, string?>
        {
            ["Url"] = server.Urls.Single(),
            ["User"] = serviceNow.Access.User,
            ["Password"] = serviceNow.Access.Password,
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value;
        return new ServiceNowUnderTest(serviceNow, calls, server, all);
    }

    /// <summary>A second handler of the same instance, with settings that differ.</summary>
    public HandlerRuns Another(Dictionary<string, string?> different) =>
        new("ServiceNow", new MovableTime(), different.Concat(settings).DistinctBy(setting => setting.Key).ToDictionary(), "other");

    /// <summary>Adds a record, as a person does.</summary>
    public Dictionary<string, string> Add(string table, params (string Field, string Value)[] values) =>
        ServiceNow.Tables[table].Add(values.Select(value => KeyValuePair.Create(value.Field, value.Value)));

    public async ValueTask DisposeAsync()
    {
        await Handler.DisposeAsync();
        await server.StopAsync();
        await server.DisposeAsync();
    }
}

using Microsoft.AspNetCore.Builder;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Jira;

/// <summary>A simulated Jira over HTTP, and a handler of it.</summary>
internal sealed class JiraUnderTest : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly IReadOnlyDictionary<string, string?> settings;

    private JiraUnderTest(
        SimulatedJira jira, DownstreamCalls calls, WebApplication server, MovableTime time, IReadOnlyDictionary<string, string?> settings)
    {
        (Jira, Calls, this.server, Time, this.settings) = (jira, calls, server, time, settings);
        Handler = new HandlerRuns("Jira", time, settings);
    }

    public SimulatedJira Jira { get; }

    public DownstreamCalls Calls { get; }

    public MovableTime Time { get; }

    public HandlerRuns Handler { get; }

    public static async Task<JiraUnderTest> StartAsync(
        Dictionary<string, string?>? settings = null, JiraEdition edition = JiraEdition.Cloud, Action<SimulatedJira>? prepare = null)
    {
        var time = new MovableTime();
        var jira = new SimulatedJira(edition, time);
        prepare?.Invoke(jira);
        var calls = new DownstreamCalls(jira);
        var server = await DownstreamServer.StartAsync(calls, 0, CancellationToken.None);
        var url = server.Urls.Single();
        var all = new Dictionary<string, string?>
        {
            ["Url"] = url,
            ["Edition"] = edition.ToString(),
            ["User"] = edition == JiraEdition.Cloud ? jira.Access.User : null,
            ["Token"] = jira.Access.Token,
        };
        foreach (var (name, value) in settings ?? [])
            all[name] = value?.Replace("{url}", url, StringComparison.Ordinal);
        return new JiraUnderTest(jira, calls, server, time, all);
    }

    /// <summary>A second handler of the same Jira, with settings that differ.</summary>
    public HandlerRuns Another(Dictionary<string, string?> different) =>
        new("Jira", Time, different.Concat(settings).DistinctBy(setting => setting.Key).ToDictionary(), "other");

    public async ValueTask DisposeAsync()
    {
        await Handler.DisposeAsync();
        await server.StopAsync();
        await server.DisposeAsync();
    }
}

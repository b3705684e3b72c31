using Microsoft.AspNetCore.Builder;
using PointWebhooks.Simulator.Downstream;
using PointWebhooks.Simulator.Downstream.Jira;
using PointWebhooks.Simulator.Downstream.ServiceNow;

namespace PointWebhooks.LocalHost.Downstream;

/// <summary>The systems that handlers work with, simulated, each with a handler for it.</summary>
internal sealed class SimulatedDownstreams : IAsyncDisposable
{
    private readonly List<WebApplication> servers = [];

    private SimulatedDownstreams()
    {
    }

    /// <summary>A Jira whose service project has the ticket that asked for a workspace.</summary>
    public SimulatedJira Jira { get; } = new(JiraEdition.Cloud, TimeProvider.System);

    public SimulatedServiceNow ServiceNow { get; } = new();

    /// <summary>What a workflow of Teams is sent.</summary>
    public SimulatedReceiver Teams { get; } = new("teams");

    /// <summary>What a receiver of CloudEvents is sent.</summary>
    public SimulatedReceiver Receiver { get; } = new("receiver");

    /// <summary>The settings of the handlers.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>Starts them at free ports.</summary>
    /// <param name="tell">Takes a line for each.</param>
    public static async Task<SimulatedDownstreams> StartAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var downstreams = new SimulatedDownstreams();
        try
        {
            await downstreams.StartAllAsync(tell, cancellationToken);
            return downstreams;
        }
        catch
        {
            await downstreams.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private async Task StartAllAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var jira = await StartAsync(Jira, "Jira", tell, cancellationToken);
        Configure("Jira:Demo", [
            ("Url", jira), ("Edition", "Cloud"), ("User", Jira.Access.User), ("Token", Jira.Access.Token),
            ("Update:Transition", "{% if type == 'ProvisioningCompleted' %}Done{% endif %}"),
        ]);
        var serviceNow = await StartAsync(ServiceNow, "ServiceNow", tell, cancellationToken);
        Configure("ServiceNow:Demo", [("Url", serviceNow), ("User", ServiceNow.Access.User), ("Password", ServiceNow.Access.Password)]);
        Configure("Teams:Demo", [("WebhookUrl", await StartAsync(Teams, "A workflow of Teams", tell, cancellationToken))]);
        Configure("Http:Demo", [("Url", await StartAsync(Receiver, "A receiver of CloudEvents", tell, cancellationToken))]);
    }

    private async Task<string> StartAsync(IDownstream downstream, string what, Action<string> tell, CancellationToken cancellationToken)
    {
        var server = await DownstreamServer.StartAsync(new DownstreamCalls(downstream), 0, cancellationToken);
        servers.Add(server);
        tell($"{what} is simulated at {server.Urls.First()}.");
        return server.Urls.First();
    }

    private void Configure(string handler, IEnumerable<(string Name, string Value)> settings)
    {
        foreach (var (name, value) in settings)
            Settings[$"Handlers:{handler}:{name}"] = value;
    }
}

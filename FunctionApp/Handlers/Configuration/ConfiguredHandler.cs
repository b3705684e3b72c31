using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.Handlers.Configuration;

/// <summary>What a section of the settings makes: a handler with a name of its own.</summary>
/// <param name="Name">Its name in ledger, metrics, pages and log, such as <c>jira-it</c>.</param>
/// <param name="Kind">Its kind, such as <c>Jira</c>.</param>
/// <param name="Scope">Which events it wants.</param>
/// <param name="Limits">What it may do at once.</param>
/// <param name="Create">Makes it, for one event.</param>
internal sealed record ConfiguredHandler(
    string Name, string Kind, HandlerScope Scope, HandlerLimits Limits, Func<IServiceProvider, IDownstreamHandler> Create)
{
    /// <summary>Adds what it needs: its HTTP client, for those that have one.</summary>
    public Action<IServiceCollection> AddServices { get; init; } = _ => { };
}

using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Registration;

/// <summary>Keeps this app's endpoint registered with Syskit Point. Other endpoints are none of its business.</summary>
public sealed partial class EndpointRegistrar(PointApiClient api, IOptions<PointOptions> options, ILogger<EndpointRegistrar> logger)
{
    /// <summary>Registers the endpoint if it is missing, and makes sure that it then is there.</summary>
    /// <exception cref="HttpRequestException">Syskit Point refused a call, or did not answer.</exception>
    /// <exception cref="InvalidOperationException">Syskit Point took the registration and does not list it.</exception>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        if (await IsRegisteredAsync(cancellationToken))
        {
            LogInPlace();
            return;
        }

        await api.AddEndpointAsync(new PointEndpoint(options.Value.EndpointUrl, options.Value.EventTypes), cancellationToken);
        if (!await IsRegisteredAsync(cancellationToken))
            throw new InvalidOperationException("Syskit Point accepted the registration of the endpoint but does not list it.");
        LogRegistered();
    }

    private async Task<bool> IsRegisteredAsync(CancellationToken cancellationToken) =>
        (await api.ListEndpointsAsync(cancellationToken)).Any(endpoint => endpoint.Endpoint == options.Value.EndpointUrl);

    [LoggerMessage(40, LogLevel.Information, "The endpoint is registered with Syskit Point.")]
    private partial void LogInPlace();

    [LoggerMessage(41, LogLevel.Information, "The endpoint was missing and has been registered with Syskit Point.")]
    private partial void LogRegistered();
}

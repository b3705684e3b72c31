using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.PointApi;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Registration;

/// <summary>
/// Puts this app's endpoint in place at Syskit Point: there, with the types of the settings, and without the urls it had before.
/// An endpoint of another scheme, host or path is never modified.
/// </summary>
internal sealed partial class EndpointRegistrar(
    PointApiClient api, IOptions<PointOptions> options, TimeProvider time, ILogger<EndpointRegistrar> logger)
{
    private readonly PointEndpoint wanted = new(options.Value.EndpointUrl, options.Value.EventTypes);

    /// <summary>Lists what is registered and repairs it.</summary>
    /// <param name="before">The result of the last run, or null when that is not known.</param>
    /// <param name="cancellationToken">Ends it, except where the endpoint is not registered for a moment.</param>
    /// <exception cref="RegistrationException">It is not in place; says whether it is known to be missing.</exception>
    /// <exception cref="PointApiException">It could not be found out.</exception>
    public async Task<RegistrationResult> PutInPlaceAsync(RegistrationResult? before, CancellationToken cancellationToken)
    {
        if (await api.ListEndpointsAsync(cancellationToken) is not { } listed)
            return await RegisterUnseenAsync(before, cancellationToken);

        var (result, since) = (RegistrationResult.InPlace, before?.RegisteredSince);
        var mine = listed.Where(wanted.IsSameUrlAs).ToList();
        if (mine.Count == 0)
        {
            await RegisterMissingAsync(cancellationToken);
            (result, since) = (RegistrationResult.Registered, null);
        }
        else if (!mine.All(wanted.HasSameTypesAs))
        {
            result = RegistrationResult.Repaired;
            if (!await new TypesRepair(api, wanted, time, logger).RunAsync(mine, before, cancellationToken))
                since = null;
        }

        var (removed, error) = await RemoveEarlierAsync(listed, cancellationToken);
        if (removed > 0 && result == RegistrationResult.InPlace)
            result = RegistrationResult.Repaired;
        return Record(result, since, canList: true, error);
    }

    // Nothing can be listed or verified there, so the endpoint is registered every time. If that doubles it, an event that comes
    // twice still takes effect once.
    private async Task<RegistrationResult> RegisterUnseenAsync(RegistrationResult? before, CancellationToken cancellationToken)
    {
        if (before?.CanList != false)
            LogCannotList();
        await api.AddEndpointAsync(wanted, cancellationToken);
        var isKnown = before?.RegisteredSince is not null;
        return Record(isKnown ? RegistrationResult.InPlace : RegistrationResult.Registered, before?.RegisteredSince, canList: false, null);
    }

    private async Task RegisterMissingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await api.AddEndpointAsync(wanted, cancellationToken);
        }
        catch (PointApiException e)
        {
            throw new RegistrationException(e.Message, isMissing: e.Status is not null, cause: e);
        }

        if ((await api.ListEndpointsAsync(cancellationToken))?.Any(wanted.IsSameUrlAs) != true)
            throw RegistrationException.NotListed();
    }

    // Only when the url of today is in place: there is always one that receives.
    private async Task<(int Removed, string? Error)> RemoveEarlierAsync(IReadOnlyList<PointEndpoint> listed, CancellationToken cancellationToken)
    {
        var removed = 0;
        try
        {
            foreach (var endpoint in listed.Where(wanted.IsSameUrlButForTheQuery))
            {
                await api.RemoveEndpointAsync(endpoint.Endpoint!, cancellationToken);
                LogRemovedEarlier();
                removed++;
            }

            return (removed, null);
        }
        catch (PointApiException e)
        {
            LogEarlierRemains(e.Message);
            return (removed, $"An earlier url of this app is still registered. {e.Message}");
        }
    }

    private RegistrationResult Record(string result, DateTimeOffset? since, bool canList, string? error)
    {
        var now = time.GetUtcNow();
        return new RegistrationResult(now, result, Redaction.Url(wanted.Endpoint), since ?? now, canList, error);
    }

    [LoggerMessage(
        42, LogLevel.Warning,
        "This Syskit Point cannot list its endpoints (before Enterprise 2025.5): the endpoint is registered again in every run and cannot be verified.")]
    private partial void LogCannotList();

    [LoggerMessage(44, LogLevel.Information, "An earlier url of this app was removed from Syskit Point.")]
    private partial void LogRemovedEarlier();

    [LoggerMessage(45, LogLevel.Warning, "An earlier url of this app could not be removed from Syskit Point: {Error}")]
    private partial void LogEarlierRemains(string error);
}

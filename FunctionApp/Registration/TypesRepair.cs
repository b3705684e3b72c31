using System.Net;
using Microsoft.Extensions.Logging;
using PointWebhooks.PointApi;

namespace PointWebhooks.Registration;

/// <summary>Gives a registered endpoint the event types of the settings.</summary>
internal sealed partial class TypesRepair(PointApiClient api, PointEndpoint wanted, TimeProvider time, ILogger logger)
{
    // Longer than a system is away that is updated or moved: nothing waits for the run, but every event for the endpoint.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <param name="mine">The endpoint as it is listed, maybe more than once.</param>
    /// <param name="before">The result of the last run, or null when that is not known.</param>
    /// <param name="cancellationToken">Ends it, except where the endpoint is not registered for a moment.</param>
    /// <returns>Whether the endpoint was registered all the time, and never removed on the way.</returns>
    /// <exception cref="RegistrationException">It had no effect, or the endpoint is missing now.</exception>
    public async Task<bool> RunAsync(List<PointEndpoint> mine, RegistrationResult? before, CancellationToken cancellationToken)
    {
        // Tried before without effect: removing the endpoint again every hour would only lose events.
        if (before?.IneffectiveRepair == RepairOf(mine))
            throw Ineffective(mine);

        // Whether a second POST of a url updates, duplicates or fails is not documented. It comes first, because where it updates
        // the endpoint is never unregistered, not even for a moment.
        try
        {
            await api.AddEndpointAsync(wanted, cancellationToken);
        }
        catch (PointApiException e) when (e.Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict
            or HttpStatusCode.UnprocessableEntity or HttpStatusCode.InternalServerError)
        {
            LogSecondPostRefused((int)e.Status);
        }

        mine = await MineAsync(cancellationToken);
        PointApiException? notRemoved = null;
        var isUnbroken = mine.All(wanted.HasSameTypesAs);
        if (!isUnbroken)
        {
            notRemoved = await ReplaceAsync(mine);
            mine = await MineAsync(cancellationToken);
        }

        if (mine.Count == 0)
            throw RegistrationException.NotListed();
        if (!mine.All(wanted.HasSameTypesAs))
            throw notRemoved ?? (Exception)Ineffective(mine);
        return isUnbroken;
    }

    // Between the DELETE and the POST events have nowhere to go: not even a shutdown stops here, and the POST is tried again. Returns why a
    // DELETE failed, or null.
    private async Task<PointApiException?> ReplaceAsync(List<PointEndpoint> mine)
    {
        PointApiException? notRemoved = null;
        foreach (var endpoint in mine)
        {
            try
            {
                await api.RemoveEndpointAsync(endpoint.Endpoint!, CancellationToken.None);
            }
            catch (PointApiException e)
            {
                // Its answer alone may have been lost: the endpoint has to come back all the same.
                notRemoved = e;
            }
        }

        var started = time.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await api.AddEndpointAsync(wanted, CancellationToken.None);
                return notRemoved;
            }
            catch (PointApiException e)
            {
                // Its answer alone may have been lost, and another POST might register it twice.
                if (await IsThereAsync())
                    return notRemoved;
                if (time.GetElapsedTime(started) + pause > Patience)
                    throw new RegistrationException(e.Message, isMissing: e.Status is not null, cause: e);
                await Task.Delay(pause, time);
            }
        }
    }

    private async Task<bool> IsThereAsync()
    {
        try
        {
            return await MineAsync(CancellationToken.None) is [_, ..] mine && mine.All(wanted.HasSameTypesAs);
        }
        catch (PointApiException)
        {
            return false;
        }
    }

    private async Task<List<PointEndpoint>> MineAsync(CancellationToken cancellationToken) =>
        [.. (await api.ListEndpointsAsync(cancellationToken) ?? []).Where(wanted.IsSameUrlAs)];

    private RegistrationException Ineffective(List<PointEndpoint> mine) => new(
        $"Syskit Point still lists other event types than Point:EventTypes after the endpoint was registered again: {RepairOf(mine)}. Set Point:EventTypes to names that it knows.",
        isMissing: false,
        ineffectiveRepair: RepairOf(mine));

    private string RepairOf(List<PointEndpoint> mine) =>
        $"asked for {string.Join(", ", wanted.Types!)}, listed {string.Join(", ", mine.SelectMany(endpoint => endpoint.Types ?? []).Distinct().Order(StringComparer.Ordinal))}";

    [LoggerMessage(
        43, LogLevel.Information,
        "Syskit Point answered {Status} to a second registration of the endpoint. The endpoint is removed and registered again.")]
    private partial void LogSecondPostRefused(int status);
}

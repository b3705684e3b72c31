using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.PointApi;
using PointWebhooks.Settings;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Registration;

/// <summary>Runs the registration, and stores, counts and logs its result.</summary>
internal sealed partial class RegistrationRun(
    EndpointRegistrar registrar,
    SelfCheck selfCheck,
    RegistrationStore store,
    IOptions<PointOptions> options,
    PointMetrics metrics,
    TimeProvider time,
    ILogger<RegistrationRun> logger)
{
    /// <exception cref="RegistrationException">It is not in place.</exception>
    /// <exception cref="PointApiException">It could not be found out.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var known = await LastAsync(cancellationToken);
        try
        {
            known = await registrar.PutInPlaceAsync(known, cancellationToken);
            if (options.Value.SelfCheck && await selfCheck.RunAsync(cancellationToken) is { } problem)
            {
                throw new RegistrationException(
                    $"The endpoint is registered, but does not lead to this app. {problem}", isMissing: false, known.IneffectiveRepair);
            }

            await KeepAsync(known);
            LogDone(known.Result);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The exception goes on to the host, which logs it and counts the run as failed.
            await KeepAsync(Failed(e, known));
            throw;
        }
    }

    private RegistrationResult Failed(Exception e, RegistrationResult? known)
    {
        var registration = e as RegistrationException;
        return new RegistrationResult(
            time.GetUtcNow(),
            RegistrationResult.Failed,
            Redaction.Url(options.Value.EndpointUrl),
            registration?.IsMissing == true ? null : known?.RegisteredSince,
            known?.CanList,
            e is RegistrationException or PointApiException ? e.Message : $"Unexpected error ({e.GetType().Name}). See the application log.",
            // A run that could not find out leaves what is known of the repair.
            registration is null ? known?.IneffectiveRepair : registration.IneffectiveRepair);
    }

    // A storage account that does not answer is no reason to leave the endpoint unregistered.
    private async Task<RegistrationResult?> LastAsync(CancellationToken cancellationToken)
    {
        try
        {
            var last = await store.ReadAsync(cancellationToken);
            // Of another url it says nothing about this one.
            return last?.Url == Redaction.Url(options.Value.EndpointUrl) ? last : null;
        }
        catch (Exception e) when (StorageFailure.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogNotKept(e);
            return null;
        }
    }

    private async Task KeepAsync(RegistrationResult record)
    {
        metrics.Registration(record.Result);
        try
        {
            await store.WriteAsync(record with { Version = AppInstance.Version });
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotKept(e);
        }
    }

    [LoggerMessage(40, LogLevel.Information, "The endpoint is registered with Syskit Point. Result of this run: {Result}.")]
    private partial void LogDone(string result);

    [LoggerMessage(41, LogLevel.Warning, "The result of the registration could not be stored or read. The registration itself continues.")]
    private partial void LogNotKept(Exception exception);
}

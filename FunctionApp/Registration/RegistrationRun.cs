using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using PointWebhooks.Storage;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Registration;

/// <summary>Runs the registration, and sees to it that what came of it is kept, counted and logged.</summary>
public sealed partial class RegistrationRun(
    EndpointRegistrar registrar,
    RegistrationLog log,
    IOptions<PointOptions> options,
    Instruments instruments,
    TimeProvider time,
    ILogger<RegistrationRun> logger)
{
    /// <summary>Puts the endpoint in place.</summary>
    /// <exception cref="RegistrationException">It is not in place.</exception>
    /// <exception cref="PointApiException">It could not be found out.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = await LastAsync(cancellationToken);
        try
        {
            var record = await registrar.PutInPlaceAsync(before, cancellationToken);
            await KeepAsync(record);
            LogDone(record.Result);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // The exception goes on to the host, which logs it and counts the run as failed.
            await KeepAsync(Failed(e, before));
            throw;
        }
    }

    private RegistrationRecord Failed(Exception e, RegistrationRecord? before)
    {
        var registration = e as RegistrationException;
        return new RegistrationRecord(
            time.GetUtcNow(),
            RegistrationRecord.Failed,
            Redaction.Url(options.Value.EndpointUrl),
            registration?.IsMissing == true ? null : before?.RegisteredSince,
            before?.CanList,
            e is RegistrationException or PointApiException ? e.Message : $"An error of this app: {e.GetType().Name}. Its log has the rest.",
            registration?.VainRepair);
    }

    // A storage account that does not answer is no reason to leave the endpoint unregistered.
    private async Task<RegistrationRecord?> LastAsync(CancellationToken cancellationToken)
    {
        try
        {
            var last = await log.ReadAsync(cancellationToken);
            // Of another url it says nothing about this one.
            return last?.Url == Redaction.Url(options.Value.EndpointUrl) ? last : null;
        }
        catch (Exception e) when (StorageFailure.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogNotKept(e);
            return null;
        }
    }

    private async Task KeepAsync(RegistrationRecord record)
    {
        instruments.Registration(record.Result);
        try
        {
            await log.WriteAsync(record, CancellationToken.None);
        }
        catch (Exception e) when (StorageFailure.Is(e))
        {
            LogNotKept(e);
        }
    }

    [LoggerMessage(40, LogLevel.Information, "The endpoint is registered with Syskit Point; this run found it {Result}.")]
    private partial void LogDone(string result);

    [LoggerMessage(41, LogLevel.Warning, "What came of the registration could not be kept in the storage, or read from it; the registration itself goes on.")]
    private partial void LogNotKept(Exception exception);
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Settings;
using PointWebhooks.Storage;

namespace PointWebhooks;

/// <summary>
/// Reads all settings at once, before anything runs. Here rather than in Settings, because the storage account is one of them and
/// Storage itself reads settings.
/// </summary>
internal static class SettingsServices
{
    /// <summary>Adds the options of every section, and the connection to storage.</summary>
    /// <exception cref="SettingsException">Settings are wrong; it lists all of them.</exception>
    public static IServiceCollection AddPointSettings(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new SettingsReader(configuration);
        var storage = StorageConnection.Read(settings);
        var point = PointOptionsReader.Read(settings);
        var retry = RetryOptions.Read(settings);
        var ledger = LedgerOptions.Read(settings);
        var operations = OperationsOptions.Read(settings);
        TelemetrySettings.Check(settings);
        var handlers = ConfiguredHandlers.Read(settings);
        settings.WarnOfUnread(RetryOptions.Section);
        settings.WarnOfUnread(LedgerOptions.Section);
        settings.WarnOfUnread(OperationsOptions.Section);
        settings.ThrowIfAnyFailed();

        services.AddSingleton(storage);
        services.AddSingleton(Options.Create(point));
        services.AddSingleton(Options.Create(retry));
        services.AddSingleton(Options.Create(ledger));
        services.AddSingleton(Options.Create(operations));
        foreach (var handler in handlers)
            services.AddConfiguredHandler(handler);
        services.AddSingleton(provider => new StartupWarnings(settings.Warnings, provider.GetRequiredService<ILogger<StartupWarnings>>()));
        return services.AddHostedService(provider => provider.GetRequiredService<StartupWarnings>());
    }
}

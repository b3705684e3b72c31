using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Settings;

/// <summary>Settings that are right, and what comes of it when some of them differ.</summary>
internal static class SettingsUnderTest
{
    public const string Id = ValidSettings.Id;

    /// <summary>The app's services; null takes a setting away.</summary>
    /// <exception cref="SettingsException">Settings are wrong.</exception>
    public static ServiceProvider Services(params (string Setting, string? Value)[] settings)
    {
        var configuration = ValidSettings.With(settings);
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration)
            .AddPointWebhooks(configuration).BuildServiceProvider();
    }

    /// <summary>What is said of settings that are wrong.</summary>
    public static IReadOnlyList<string> FailuresOf(params (string Setting, string? Value)[] settings)
    {
        try
        {
            using var services = Services(settings);
            return [];
        }
        catch (SettingsException e)
        {
            return [.. e.Failures];
        }
    }

    /// <summary>What is said of settings that may be wrong.</summary>
    public static IReadOnlyList<string> WarningsOf(params (string Setting, string? Value)[] settings)
    {
        using var services = Services(settings);
        return services.GetRequiredService<StartupWarnings>().Messages;
    }
}

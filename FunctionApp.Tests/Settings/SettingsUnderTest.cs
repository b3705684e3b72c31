using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Settings;

/// <summary>Settings that are right, and what comes of it when some of them differ.</summary>
internal static class SettingsUnderTest
{
    public const string Id = "11111111-2222-3333-4444-555555555555";

    /// <summary>The app's services; null takes a setting away.</summary>
    /// <exception cref="SettingsException">Settings are wrong.</exception>
    public static ServiceProvider Services(params (string Setting, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Point:BaseUrl"] = "https://contoso.syskit365demo.com",
            ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point",
            ["Point:ApiClientId"] = Id,
        };
        foreach (var (setting, value) in settings)
            all[setting] = value;
        foreach (var setting in all.Where(setting => setting.Value is null).Select(setting => setting.Key).ToList())
            all.Remove(setting);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        return new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddPointWebhooks(configuration).BuildServiceProvider();
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

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace PointWebhooks.Telemetry;

/// <summary>What is logged, and what never is.</summary>
public static class LogLevels
{
    // Every way a setting could name a logger of these: for all providers, or for one by its name or its alias.
    private static readonly IReadOnlyList<string?> Providers =
        [null, typeof(OpenTelemetryLoggerProvider).FullName, "OpenTelemetry", "Console"];

    // They log urls: a key in a query (Functions host issue 11602), a path that is a secret in itself.
    private static readonly IReadOnlyList<string> UrlLoggers = ["Microsoft.AspNetCore.Hosting.Diagnostics", "System.Net.Http.HttpClient"];

    /// <summary>
    /// Lets this app's own log through from Information on and that of the libraries from Warning on. Settings
    /// (<c>Logging:LogLevel:…</c>) come before these, but nothing opens the loggers that write whole urls.
    /// </summary>
    public static IServiceCollection AddPointLogLevels(this IServiceCollection services)
    {
        services.Configure<LoggerFilterOptions>(filter =>
        {
            // Of two rules that are equally exact the later one counts: at the front, they are no more than defaults.
            filter.Rules.Insert(0, new LoggerFilterRule(null, "PointWebhooks", LogLevel.Information, null));
            foreach (var library in (string[])["Microsoft", "System", "Azure", "Polly"])
                filter.Rules.Insert(0, new LoggerFilterRule(null, library, LogLevel.Warning, null));
        });
        services.PostConfigure<LoggerFilterOptions>(filter =>
        {
            // A rule for one of their children would be more exact than those below.
            foreach (var rule in filter.Rules.Where(rule => UrlLoggers.Any(category => IsOf(rule, category))).ToList())
                filter.Rules.Remove(rule);
            foreach (var provider in Providers)
            {
                foreach (var category in UrlLoggers)
                    filter.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, null));
            }
        });
        return services;
    }

    private static bool IsOf(LoggerFilterRule rule, string category) =>
        rule.CategoryName?.StartsWith(category, StringComparison.OrdinalIgnoreCase) == true;
}

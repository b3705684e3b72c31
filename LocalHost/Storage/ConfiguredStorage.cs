using Microsoft.Extensions.Configuration;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>The storage that the settings name, as far as it can be said aloud: no key of it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Account">The account's name; empty when no account is named.</param>
internal sealed record ConfiguredStorage(ConfiguredStorage.Kinds Kind, string Account = "")
{
    /// <summary>The setting, by the Functions host's own convention.</summary>
    public const string Setting = "AzureWebJobsStorage";

    private static readonly string[] Endpoints = ["QueueEndpoint", "TableEndpoint", "BlobEndpoint"];

    internal enum Kinds
    {
        /// <summary>The setting is missing.</summary>
        None,

        /// <summary><c>UseDevelopmentStorage=true</c>: an emulator at its usual ports.</summary>
        Development,

        /// <summary>A connection string with addresses of this machine: an emulator at other ports.</summary>
        OtherEmulator,

        /// <summary>Anything else.</summary>
        Account,
    }

    public static ConfiguredStorage Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        if (string.IsNullOrWhiteSpace(section.Value))
        {
            // By name or address, with an identity.
            return !section.GetChildren().Any() ? new(Kinds.None)
                : new(Kinds.Account, section["accountName"] ?? FirstLabel(section["queueServiceUri"] ?? section["tableServiceUri"]));
        }

        var parts = section.Value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .DistinctBy(part => part[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        var endpoint = Endpoints.Select(name => parts.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);
        var account = parts.GetValueOrDefault("AccountName") ?? FirstLabel(endpoint);
        return "true".Equals(parts.GetValueOrDefault("UseDevelopmentStorage"), StringComparison.OrdinalIgnoreCase) ? new(Kinds.Development)
            : Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.IsLoopback ? new(Kinds.OtherEmulator, account)
            : new(Kinds.Account, account);
    }

    private static string FirstLabel(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.Host.Split('.')[0] : "";
}

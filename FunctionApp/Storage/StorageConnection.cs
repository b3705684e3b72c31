using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Storage;

/// <summary>
/// The app's storage account, by the Functions host's own convention, so that the host and this app always speak of the same
/// account: <c>AzureWebJobsStorage</c> as a connection string, or <c>AzureWebJobsStorage:accountName</c> (or
/// <c>:queueServiceUri</c> and <c>:tableServiceUri</c>) with <c>:credential</c> and <c>:clientId</c>.
/// </summary>
public sealed class StorageConnection
{
    private const string Setting = "AzureWebJobsStorage";

    private readonly string? connectionString;
    private readonly Uri? queueServiceUri;
    private readonly Uri? tableServiceUri;
    private readonly TokenCredential? credential;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">
    /// A setting is missing or wrong; the message names it and says what to put there.
    /// </exception>
    public StorageConnection(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        if (!string.IsNullOrEmpty(section.Value))
        {
            connectionString = section.Value;
            return;
        }

        queueServiceUri = ServiceUri(section, "queue");
        tableServiceUri = ServiceUri(section, "table");
        credential = Credential(section);
    }

    /// <summary>What carries the requests, or null for the clients' own HTTP.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>A client of the account's queues, without retries of its own.</summary>
    public QueueServiceClient Queues(QueueMessageEncoding encoding)
    {
        var options = WithoutRetries(new QueueClientOptions { MessageEncoding = encoding });
        return Create(() => connectionString is null
            ? new QueueServiceClient(queueServiceUri, credential, options)
            : new QueueServiceClient(connectionString, options));
    }

    /// <summary>A client of the account's tables, without retries of its own.</summary>
    public TableServiceClient Tables()
    {
        var options = WithoutRetries(new TableClientOptions());
        return Create(() => connectionString is null
            ? new TableServiceClient(tableServiceUri, credential, options)
            : new TableServiceClient(connectionString, options));
    }

    // StorageRetry is the one that tries again.
    private TOptions WithoutRetries<TOptions>(TOptions options) where TOptions : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        if (Transport is not null)
            options.Transport = Transport;
        return options;
    }

    private static TClient Create<TClient>(Func<TClient> create)
    {
        try
        {
            return create();
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            // Not chained: the client's own message may quote the connection string, key included.
            throw new InvalidOperationException(
                $"{Setting} is not a storage connection string. Set it to one, to UseDevelopmentStorage=true for the local emulator, "
                + $"or remove it and set {Setting}__accountName.");
        }
    }

    private static Uri ServiceUri(IConfigurationSection section, string service)
    {
        if (section[$"{service}ServiceUri"] is { Length: > 0 } text)
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var uri)
                ? uri
                : throw new InvalidOperationException(
                    $"{Setting}__{service}ServiceUri is not a url. Set it to one, such as https://contoso.{service}.core.windows.net.");
        }

        return section["accountName"] is { Length: > 0 } account
            ? new Uri($"https://{account}.{service}.core.windows.net")
            : throw new InvalidOperationException(
                $"{Setting} is missing. Set it to a connection string (UseDevelopmentStorage=true for the local emulator), "
                + $"or set {Setting}__accountName with {Setting}__credential=managedidentity.");
    }

    private static TokenCredential Credential(IConfigurationSection section) => section["credential"]?.ToUpperInvariant() switch
    {
        "MANAGEDIDENTITY" => new ManagedIdentityCredential(
            section["clientId"] is { Length: > 0 } clientId
                ? ManagedIdentityId.FromUserAssignedClientId(clientId)
                : ManagedIdentityId.SystemAssigned),
        // What the Functions host does without a credential setting; handy on a developer's machine that is signed in to Azure.
        null or "" => new DefaultAzureCredential(),
        _ => throw new InvalidOperationException($"{Setting}__credential has a value this app does not know. Set it to managedidentity."),
    };
}

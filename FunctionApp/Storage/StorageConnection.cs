using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Storage;

/// <summary>
/// The app's storage account, by the Functions host's own convention, so that the host and this app always speak of the same
/// account: <c>AzureWebJobsStorage</c> as a connection string, or <c>AzureWebJobsStorage:accountName</c> (or
/// <c>:queueServiceUri</c> and <c>:tableServiceUri</c>) with <c>:credential</c> and <c>:clientId</c>. The host reads them as they
/// stand, so what it would not understand is refused here, too.
/// </summary>
public sealed partial class StorageConnection
{
    private const string Setting = "AzureWebJobsStorage";
    private const string DevelopmentStorage = "UseDevelopmentStorage=true";

    private readonly string? connectionString;
    private readonly Uri? queueServiceUri;
    private readonly Uri? tableServiceUri;
    private readonly TokenCredential? credential;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SettingsException">A setting is missing or wrong; the message names it and says what to put there.</exception>
    public StorageConnection(IConfiguration configuration)
        : this(new SettingsReader(configuration), isAlone: true)
    {
    }

    private StorageConnection(SettingsReader settings, bool isAlone)
    {
        connectionString = settings.TextOfHost(Setting) is { Length: > 0 } text ? text : null;
        if (connectionString is not null)
        {
            CheckConnectionString(settings, connectionString);
        }
        else
        {
            var account = AccountName(settings);
            queueServiceUri = ServiceUri(settings, "queue", account);
            tableServiceUri = ServiceUri(settings, "table", account);
            credential = new RedactingCredential(Credential(settings));
        }

        if (isAlone)
            settings.ThrowIfAnyFailed();
    }

    /// <summary>What carries the requests, or null for the clients' own HTTP.</summary>
    public HttpPipelineTransport? Transport { get; init; }

    /// <summary>A client of the account's queues, without retries of its own.</summary>
    public QueueServiceClient Queues(QueueMessageEncoding encoding)
    {
        var options = WithoutRetries(new QueueClientOptions { MessageEncoding = encoding });
        return connectionString is null
            ? new QueueServiceClient(queueServiceUri, credential, options)
            : new QueueServiceClient(connectionString, options);
    }

    /// <summary>A client of the account's tables, without retries of its own.</summary>
    public TableServiceClient Tables()
    {
        var options = WithoutRetries(new TableClientOptions());
        return connectionString is null
            ? new TableServiceClient(tableServiceUri, credential, options)
            : new TableServiceClient(connectionString, options);
    }

    /// <summary>Reads the settings together with others; what is wrong is left to the reader.</summary>
    internal static StorageConnection Read(SettingsReader settings) => new(settings, isAlone: false);

    // StorageRetry is the one that tries again.
    private TOptions WithoutRetries<TOptions>(TOptions options) where TOptions : ClientOptions
    {
        options.Retry.MaxRetries = 0;
        if (Transport is not null)
            options.Transport = Transport;
        return options;
    }

    private static void CheckConnectionString(SettingsReader settings, string connectionString)
    {
        bool Mentions(string text) => connectionString.Contains(text, StringComparison.OrdinalIgnoreCase);
        var lacking = new List<string>();
        if (!HasService(() => new QueueServiceClient(connectionString).Uri))
            lacking.Add("QueueEndpoint");
        if (!HasService(() => new TableServiceClient(connectionString).Uri))
            lacking.Add("TableEndpoint");
        if (lacking.Count == 0)
            return;

        settings.Fail(
            Setting,
            Mentions("UseDevelopmentStorage")
                ? $"is not spelled as its readers know it. Set it to {DevelopmentStorage} for the local emulator."
            : Mentions("Endpoint=http")
                ? $"has no {string.Join(" and no ", lacking)}. Set it to the connection string of the whole account, "
                + "with an account key or with a SAS for queues and tables as well as blobs."
            : $"is not a storage connection string. Set it to one, to {DevelopmentStorage} for the local emulator, "
                + $"or remove it and set {Setting}:accountName.");
    }

    // What the client says of a connection string goes nowhere: it may quote it, key included.
    private static bool HasService(Func<Uri?> create)
    {
        try
        {
            return create() is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? AccountName(SettingsReader settings)
    {
        const string Name = $"{Setting}:accountName";
        if (settings.TextOfHost(Name) is not { Length: > 0 } name)
            return null;
        if (name.AsSpan().ContainsAny(":/."))
            settings.Fail(Name, "is a url or a host name. Set it to the name of the storage account alone, such as contoso.");
        else if (!ValidName().IsMatch(name))
            settings.Fail(Name, "is not the name of a storage account. Set it to one: 3 to 24 small letters and digits.");
        return name;
    }

    private static Uri? ServiceUri(SettingsReader settings, string service, string? account)
    {
        var name = $"{Setting}:{service}ServiceUri";
        var example = $"https://contoso.{service}.core.windows.net";
        if (settings.Url(name, settings.TextOfHost(name), $"is not an absolute https url. Set it to one, such as {example}.") is { } url)
        {
            if (url.Query.Length > 0)
                settings.Fail(name, $"has a query. Set it to the url alone, such as {example}; a managed identity signs in, no SAS.");
            return url;
        }

        if (account is null)
        {
            settings.Fail(
                Setting,
                $"is missing. Set it to a connection string ({DevelopmentStorage} for the local emulator), "
                + $"or set {Setting}:accountName with {Setting}:credential=managedidentity.");
        }

        return Uri.TryCreate($"https://{account}.{service}.core.windows.net", UriKind.Absolute, out var derived) ? derived : null;
    }

    private static TokenCredential Credential(SettingsReader settings)
    {
        const string Name = $"{Setting}:credential";
        const string ClientId = $"{Setting}:clientId";
        const string ManagedIdentity = "managedidentity";
        var clientId = settings.IdOfHost(ClientId, "is not a client id. Set it to the client id of the app's managed identity, a GUID with dashes.");
        var credential = settings.TextOfHost(Name);
        if (string.Equals(credential, ManagedIdentity, StringComparison.OrdinalIgnoreCase))
        {
            return new ManagedIdentityCredential(
                clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));
        }

        if (!string.IsNullOrEmpty(credential))
            settings.Fail(Name, $"has a value this app does not know. Set it to {ManagedIdentity}.");
        else if (clientId is not null)
            settings.Fail(Name, $"is missing, while {ClientId} is set. Set it to {ManagedIdentity}.");
        // What the Functions host does without a credential setting; handy on a developer's machine that is signed in to Azure.
        return new DefaultAzureCredential();
    }

    [GeneratedRegex("^[a-z0-9]{3,24}\\z")]
    private static partial Regex ValidName();
}

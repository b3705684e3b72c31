using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Storage;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

/// <summary>
/// The Functions host reads the settings of storage as they stand: what it would not understand is refused, not cleaned.
/// </summary>
public sealed class StorageSettingsTests
{
    private const string Storage = "AzureWebJobsStorage";
    private const string Account = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";
    private const string Sas = "SharedAccessSignature=sv=2024-11-04&sig=c2VjcmV0";
    private const string NotAround = "has blanks, a line break or quotes around it, which the Functions host would not take off. Remove them.";

    [TestCase("UseDevelopmentStorage=true", "http://127.0.0.1:10001/devstoreaccount1", "http://127.0.0.1:10002/devstoreaccount1")]
    [TestCase(Account, "https://contoso.queue.core.windows.net/", "https://contoso.table.core.windows.net/")]
    [TestCase(
        $"QueueEndpoint=https://q.example/;TableEndpoint=https://t.example/;{Sas}", "https://q.example/", "https://t.example/")]
    public void A_connection_string_of_queues_and_tables_is_taken(string value, string queues, string tables)
    {
        using var services = Services((Storage, value));

        AssertEndpoints(services, queues, tables);
    }

    [TestCase("accountName", "contoso", "https://contoso.queue.core.windows.net/", "https://contoso.table.core.windows.net/")]
    [TestCase(
        "queueServiceUri", "https://contoso.queue.core.chinacloudapi.cn", "https://contoso.queue.core.chinacloudapi.cn/",
        "https://other.table.core.windows.net/")]
    [TestCase(
        "tableServiceUri", "https://contoso.table.core.usgovcloudapi.net/", "https://other.queue.core.windows.net/",
        "https://contoso.table.core.usgovcloudapi.net/")]
    public void An_account_is_named_by_its_name_or_its_urls(string name, string value, string queues, string tables)
    {
        using var services = Services(
            (Storage, null), ($"{Storage}:accountName", "other"), ($"{Storage}:credential", "managedidentity"), ($"{Storage}:clientId", Id),
            ($"{Storage}:{name}", value));

        AssertEndpoints(services, queues, tables);
    }

    [TestCase(
        null, "is missing. Set it to a connection string (UseDevelopmentStorage=true for the local emulator), or set AzureWebJobsStorage:accountName")]
    [TestCase("", "is missing.")]
    [TestCase(" ", NotAround)]
    [TestCase($"{Account}\n", NotAround)]
    [TestCase($"\"{Account}\"", NotAround)]
    [TestCase("UseDevelopmentStorage=true ", NotAround)]
    [TestCase("usedevelopmentstorage=TRUE", "is not spelled as its readers know it. Set it to UseDevelopmentStorage=true")]
    [TestCase("UseDevelopmentStorage=false", "is not spelled as its readers know it.")]
    [TestCase(
        $"BlobEndpoint=https://contoso.blob.core.windows.net/;{Sas}", "has no QueueEndpoint and no TableEndpoint. Set it to the connection string of the whole account")]
    [TestCase($"BlobEndpoint=https://b.example/;QueueEndpoint=https://q.example/;{Sas}", "has no TableEndpoint.")]
    [TestCase($"BlobEndpoint=https://b.example/;TableEndpoint=https://t.example/;{Sas}", "has no QueueEndpoint.")]
    [TestCase("contoso", "is not a storage connection string. Set it to one, to UseDevelopmentStorage=true")]
    [TestCase("https://contoso.queue.core.windows.net", "is not a storage connection string.")]
    [TestCase("DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=no base64!", "is not a storage connection string.")]
    [TestCase("DefaultEndpointsProtocol=https;AccountName=con toso;AccountKey=c2VjcmV0", "is not a storage connection string.")]
    [TestCase("@Microsoft.KeyVault(SecretUri=https://v.example/secrets/k)", "is a Key Vault reference that was not resolved.")]
    public void A_wrong_connection_string_is_named_with_what_to_put_there(string? value, string words) => AssertRefused(Storage, words, (Storage, value));

    [TestCase("accountName", "contoso ", NotAround)]
    [TestCase("accountName", "'contoso'", NotAround)]
    [TestCase(
        "accountName", "https://contoso.queue.core.windows.net/",
        "is a url or a host name. Set it to the name of the storage account alone, such as contoso.")]
    [TestCase("accountName", "contoso.blob.core.windows.net", "is a url or a host name.")]
    [TestCase("accountName", "Contoso", "is not the name of a storage account. Set it to one: 3 to 24 small letters and digits.")]
    [TestCase("accountName", "-bad name-", "is not the name of a storage account.")]
    [TestCase("accountName", "co", "is not the name of a storage account.")]
    [TestCase(
        "queueServiceUri", "contoso.queue.core.windows.net",
        "is not an absolute https url. Set it to one, such as https://contoso.queue.core.windows.net.")]
    [TestCase(
        "tableServiceUri", "http://contoso.example",
        "is not an absolute https url. Set it to one, such as https://contoso.table.core.windows.net.")]
    [TestCase("tableServiceUri", "https://contoso.example/?sig=c2VjcmV0", "has a query.")]
    [TestCase("credential", "managed identity", "has a value this app does not know. Set it to managedidentity.")]
    [TestCase("credential", "", "is missing, while AzureWebJobsStorage:clientId is set. Set it to managedidentity.")]
    [TestCase("clientId", "id-of-the-app", "is not a client id. Set it to the client id of the app's managed identity, a GUID with dashes.")]
    [TestCase("clientId", "{5b3a3f52-0000-4000-8000-000000000002}", "is not a client id. Set it to the client id of the app's managed identity, a GUID with dashes.")]
    public void A_wrong_part_of_an_identity_based_connection_is_named_with_what_to_put_there(string name, string value, string words) => AssertRefused(
        $"{Storage}:{name}",
        words,
        (Storage, null), ($"{Storage}:accountName", "contoso"), ($"{Storage}:credential", "managedidentity"), ($"{Storage}:clientId", Id),
        ($"{Storage}:{name}", value));

    [TestCase(
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "11111111-2222-3333-4444-555555555555",
        "is not a connection string of Application Insights.")]
    [TestCase("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=11111111-2222-3333-4444-555555555555\n", NotAround)]
    [TestCase(
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "@Microsoft.KeyVault(VaultName=v;SecretName=s)",
        "is a Key Vault reference that was not resolved.")]
    [TestCase(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317",
        "is not a url. Set it to the address of an OTLP receiver, such as http://127.0.0.1:4317.")]
    [TestCase("AZURE_CLIENT_ID", "id-of-the-app", "is not a client id.")]
    public void A_wrong_setting_of_telemetry_or_identity_is_named_with_what_to_put_there(string name, string value, string words) =>
        AssertRefused(name, words, (name, value));

    [TestCase(
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "InstrumentationKey=11111111-2222-3333-4444-555555555555;IngestionEndpoint=https://i.example/")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4317")]
    [TestCase("AZURE_CLIENT_ID", Id)]
    public void A_right_setting_of_telemetry_or_identity_is_taken(string name, string value) => Assert.That(FailuresOf((name, value)), Is.Empty);

    private static void AssertRefused(string setting, string words, params (string, string?)[] settings)
    {
        var failures = FailuresOf(settings);

        Assert.That(failures, Has.Count.EqualTo(1).And.All.StartsWith($"{setting} {words}"));
        Assert.That(failures[0], Does.Not.Contain("c2VjcmV0"), "no key");
    }

    private static void AssertEndpoints(ServiceProvider services, string queues, string tables)
    {
        var storage = services.GetRequiredService<StorageConnection>();

        Assert.That(storage.Queues(QueueMessageEncoding.Base64).Uri.GetLeftPart(UriPartial.Path), Is.EqualTo(queues));
        Assert.That(storage.Tables().Uri.GetLeftPart(UriPartial.Path), Is.EqualTo(tables));
    }
}

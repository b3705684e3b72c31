using Microsoft.Extensions.Configuration;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Settings that are wrong and may be secrets.</summary>
internal sealed class PlantedSettings(Outflow outflow, Canaries canaries)
{
    private const string Id = "11111111-2222-3333-4444-555555555555";

    /// <summary>Starts that come to nothing.</summary>
    public async Task RunAsync()
    {
        string Secret(string what) => canaries.New(what + " of a wrong setting");
        await FailToStartAsync("AzureWebJobsStorage", $"AccountName=contoso;AccountKey={Secret("storage key")}");
        await FailToStartAsync("Point:BaseUrl", $"https://point.example/?code={Secret("query")}");
        await FailToStartAsync("Point:BaseUrl", "https://point.example");
        await FailToStartAsync("Point:EndpointUrl", $"ftp://contoso.example/?code={Secret("query")}");
        await FailToStartAsync("Point:SignatureKey", $"@Microsoft.KeyVault({Secret("reference")}");
        await FailToStartAsync("Point:ClientSecret", $"@Microsoft.KeyVault({Secret("reference")}", ("Point:DevelopmentToken", null));
        await FailToStartAsync("Point:ClientSecret", Secret("client secret"), ("Point:DevelopmentToken", null), ("Point:ClientId", null));
        await FailToStartAsync("Handlers:Http:crm:Url", $"http://crm.example/{Secret("path")}?token={Secret("query")}");
        await FailToStartAsync("Handlers:Http:crm:Secret", Secret("signing secret"), ("Handlers:Http:crm:Url", "https://crm.example"));
        await FailToStartAsync("Handlers:Teams:it:WebhookUrl", $"https://logic.azure.example/{Secret("path")}?sig={Secret("query")}");
        await FailToStartAsync("Handlers:Jira:X:Token", $"two {Secret("token")}", ("Handlers:Jira:X:Url", "https://contoso.atlassian.net"));
        await FailToStartAsync(
            "Handlers:Jira:X:Url",
            $"https://point:{Secret("password")}@contoso.atlassian.net",
            ("Handlers:Jira:X:Token", Secret("token")));
        await FailToStartAsync(
            "Handlers:ServiceNow:X:User",
            "point",
            ("Handlers:ServiceNow:X:Url", "https://contoso.service-now.com"),
            ("Handlers:ServiceNow:X:Password", Secret("password")),
            ("Handlers:ServiceNow:X:ClientId", "id"),
            ("Handlers:ServiceNow:X:ClientSecret", Secret("secret")));
    }

    private async Task FailToStartAsync(string setting, string value, params (string Name, string? Value)[] others)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = StorageEmulator.NewAccount(),
            ["Point:BaseUrl"] = "http://127.0.0.1:7072",
            ["Point:EndpointUrl"] = "http://127.0.0.1:7071/api/webhooks/point",
            ["Point:DevelopmentToken"] = canaries.New("bearer token"),
            ["Point:ApiClientId"] = Id,
        };
        foreach (var (name, other) in others.Append((setting, value)))
            settings[name] = other;
        var failure = Assert.CatchAsync(async () =>
        {
            await using var app = FunctionsHost.Build(
                RepositoryRoot.Find(), 0, configuration => configuration.AddInMemoryCollection(settings), outflow.Listen);
            await app.StartAsync();
        });
        Assert.That(failure!.Message, Does.Contain(setting), "what is wrong is said");
        outflow.Answers.Enqueue($"{failure}");
    }
}

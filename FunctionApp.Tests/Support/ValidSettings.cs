using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Tests.Support;

/// <summary>Settings with which the app starts.</summary>
internal static class ValidSettings
{
    public const string Id = "11111111-2222-3333-4444-555555555555";

    /// <summary>All that must be there, changed in some; null takes a setting away.</summary>
    public static IConfiguration With(params IEnumerable<(string Setting, string? Value)> changes)
    {
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Point:BaseUrl"] = "https://contoso.syskit365demo.com",
            ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point",
            ["Point:ApiClientId"] = Id,
        };
        foreach (var (setting, value) in changes)
            all[setting] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(all.Where(setting => setting.Value is not null)).Build();
    }
}

using PointWebhooks.Ledger;
using PointWebhooks.LocalHost;
using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>Takes pictures of the pages.</summary>
[Explicit("Writes to docs, or to the folder of the environment variable PICTURES.")]
internal sealed class PagePictures
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point",
        ["Operations:ApplicationInsightsId"] =
            "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/microsoft.insights/components/appi",
        ["WEBSITE_AUTH_ENABLED"] = "true",
    };

    [Test]
    public async Task For_the_documents()
    {
        // Not the name of the machine that takes them.
        Environment.SetEnvironmentVariable("WEBSITE_INSTANCE_ID", "4f1a7c09e2d5");
        await using var chromium = await Chromium.StartAsync();
        await using var app = await TestApp.StartAsync(settings: Settings, isProcessing: false, isTiming: false);
        var dead = await FillAsync(app, 14, ["Project Phoenix", "Human Resources", "Vertrieb Süd", "Board", "مشروع فينيكس"]);
        (string Name, string Url, int Width, string Scheme)[] pages =
        [
            ("status", "status", 1040, "light"), ("events", "events", 1040, "light"), ("event", $"events/{dead}", 1040, "light"),
            ("phone", "events?state=Dead", 390, "dark"),
        ];
        foreach (var (name, url, width, scheme) in pages)
        {
            await using var page = await chromium.PageAsync(width, width < 500, scheme);
            await page.GoToAsync(new Uri(app.Http.BaseAddress!, "/api/" + url).ToString());
            await page.ScreenshotAsync(
                Path.Combine(RepositoryRoot.Find(), $"docs/{name}.jpg"),
                new ScreenshotOptions { Type = ScreenshotType.Jpeg, Quality = 60, Clip = new() { Width = width, Height = 1000 } });
        }
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(5000)]
    public async Task Of_events_that_are_hard_to_show_at_several_widths_light_and_dark(int events)
    {
        var folder = Environment.GetEnvironmentVariable("PICTURES") ?? Path.GetTempPath();
        await using var chromium = await Chromium.StartAsync();
        await using var app = await TestApp.StartAsync(settings: Settings, isProcessing: false, isTiming: false);
        var dead = await FillAsync(app, events, null);
        (string Name, string Url)[] pages =
        [
            ("status", "status"), ("events", "events"), ("event", $"events/{dead}"), ("confirm", "events?state=Dead&confirm=replay"),
        ];
        foreach (var (width, scheme) in new[] { (1280, "light"), (1280, "dark"), (390, "light"), (320, "dark") })
        {
            foreach (var (name, url) in pages)
            {
                await using var page = await chromium.PageAsync(width, width < 500, scheme);
                await page.GoToAsync(new Uri(app.Http.BaseAddress!, "/api/" + url).ToString());
                await page.ScreenshotAsync(
                    Path.Combine(folder, $"{name}-{events}-{width}-{scheme}.png"), new ScreenshotOptions { FullPage = width > 500 || events < 10 });
            }
        }
    }

    private static async Task<EventId> FillAsync(TestApp app, int count, IReadOnlyList<string>? names)
    {
        await app.RunTimerAsync("RegisterEndpoint");
        await SampleLedger.FillAsync(app, count, names);
        using var known = new HttpRequestMessage(HttpMethod.Post, $"/api/causes/{ErrorCause.IdOf("jira: 401 Unauthorized, request 1000000")}/acknowledge");
        known.Headers.Add("X-MS-CLIENT-PRINCIPAL-NAME", "ada@contoso.example");
        using var answer = await app.Http.SendAsync(known);
        return await SampleLedger.KeepAsync(
            app,
            "f9ac8355-ddd7-48a3-98fb-9d4142501510",
            EventState.Dead,
            error: "servicenow: 401 Unauthorized. Is the password of Handlers:ServiceNow right?");
    }
}

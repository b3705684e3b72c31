using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>Takes pictures of every page, at several widths, light and dark, with few events and with many.</summary>
[Explicit("Writes to the folder of the environment variable PICTURES.")]
internal sealed class PagePictures
{
    [TestCase(0)]
    [TestCase(3)]
    [TestCase(5000)]
    public async Task Of_every_page(int events)
    {
        var folder = Environment.GetEnvironmentVariable("PICTURES") ?? Path.GetTempPath();
        await using var chromium = await Chromium.StartAsync();
        await using var app = await TestApp.StartAsync(
            settings: new() { ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point" },
            isProcessing: false,
            isTiming: false);
        await app.RunTimerAsync("RegisterEndpoint");
        await SampleLedger.FillAsync(app, events);
        var dead = await SampleLedger.KeepAsync(app, "f9ac8355-ddd7-48a3-98fb-9d4142501510", EventState.Dead, error: "servicenow: 401 Unauthorized. Is the password of Handlers:ServiceNow right?");
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
                    Path.Combine(folder, $"{name}-{events}-{width}-{scheme}.png"),
                    new ScreenshotOptions { FullPage = width > 500, CaptureBeyondViewport = true });
            }
        }
    }
}

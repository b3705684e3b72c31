using PointWebhooks.Handlers;
using PointWebhooks.LocalHost;
using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations;

/// <summary>Takes the picture of the status page in docs/operations.md: an app with some events, one of them dead.</summary>
[Explicit("Writes docs/status.png.")]
internal sealed class StatusPageScreenshot
{
    [Test]
    public async Task Picture_of_the_status_page()
    {
        await using var chromium = await Chromium.StartAsync();
        await using var app = await TestApp.StartAsync(
            settings: new() { ["Point:EndpointUrl"] = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point" }, isTiming: false);
        app.Records.BeforeEach = (context, _) => context.IdempotencyKey.StartsWith("7e12", StringComparison.Ordinal)
            ? throw new PermanentFailureException("There is no project PHX in Jira.")
            : Task.CompletedTask;
        await app.RunTimerAsync("RegisterEndpoint");
        await SendAsync(app, "ProvisioningStarted", "f9ac8355-ddd7-48a3-98fb-9d4142501510", "Completed");
        await SendAsync(app, "ProvisioningCompleted", "0b6a1f7e-2f45-4c0b-9f0e-5a1f6d0c9a37", "Completed");
        await SendAsync(app, "ProvisioningFailed", "7e12c0d4-91d3-4f5e-8a44-c1b2a3d4e5f6", "Dead");
        app.Records.Failing["c48d2a90-6b1e-4e37-b5c8-3f9e7d6a5b41"] = () => new HttpRequestException("503");
        await SendAsync(app, "ProvisioningCompleted", "c48d2a90-6b1e-4e37-b5c8-3f9e7d6a5b41", "Retrying");

        var page = await chromium.PageAsync(width: 1040);
        await page.GoToAsync(new Uri(app.Http.BaseAddress!, "/api/status").ToString());
        await page.ScreenshotAsync(Path.Combine(RepositoryRoot.Find(), "docs/status.png"), new ScreenshotOptions { FullPage = true });
    }

    private static async Task SendAsync(TestApp app, string type, string key, string state)
    {
        await app.SendAsync(type, key);
        await app.EventInAsync(state, key);
    }
}

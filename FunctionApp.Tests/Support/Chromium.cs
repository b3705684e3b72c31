using PuppeteerSharp;

namespace PointWebhooks.Tests.Support;

/// <summary>The Chromium of this machine, without a window. Nothing is downloaded; where there is none, the test is ignored.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        // The sandbox does not start as root, as whom build agents often run; the pages are this app's own.
        "--no-sandbox",
    ];

    // A slow machine gets its time.
    private const int Patience = 600_000;

    private readonly IBrowser browser;

    private Chromium(IBrowser browser) => this.browser = browser;

    /// <summary>Starts it. With <c>CI=true</c> in the environment its absence is a failure.</summary>
    public static async Task<Chromium> StartAsync()
    {
        RealParts.Need("a browser");
        if (Find() is not { } path)
        {
            var missing = $"No browser: none of {string.Join(", ", Names)} is in the PATH, so the status page is not looked at.";
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
                Assert.Fail(missing);
            Assert.Ignore(missing);
            throw new InvalidOperationException(missing);
        }

        return new Chromium(await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = path,
            Args = Arguments,
            Timeout = Patience,
            ProtocolTimeout = Patience,
        }));
    }

    /// <summary>A new page of a size, as a phone or not, without script unless it is asked for.</summary>
    public async Task<IPage> PageAsync(int width = 1280, bool isPhone = false, string scheme = "light", bool runsScript = false)
    {
        var page = await browser.NewPageAsync();
        page.DefaultTimeout = Patience;
        await page.SetJavaScriptEnabledAsync(runsScript);
        await page.SetViewportAsync(new ViewPortOptions { Width = width, Height = 844, IsMobile = isPhone, HasTouch = isPhone });
        await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
        return page;
    }

    public async ValueTask DisposeAsync() => await browser.DisposeAsync();

    private static string? Find() => (
        from name in Names
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

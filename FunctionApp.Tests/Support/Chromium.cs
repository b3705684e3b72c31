using Microsoft.Playwright;

namespace PointWebhooks.Tests.Support;

/// <summary>The Chromium of this machine, without a window. Nothing is downloaded; where there is none, the test is ignored.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
    private static readonly string[] Arguments =
        ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private readonly IPlaywright playwright;
    private readonly IBrowser browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (this.playwright, this.browser) = (playwright, browser);

    /// <summary>Starts it. With <c>CI=true</c> in the environment its absence is a failure.</summary>
    public static async Task<Chromium> StartAsync()
    {
        if (Find() is not { } path)
        {
            var missing = $"No browser: none of {string.Join(", ", Names)} is in the PATH, so the status page is not looked at.";
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
                Assert.Fail(missing);
            Assert.Ignore(missing);
            throw new InvalidOperationException(missing);
        }

        var playwright = await Playwright.CreateAsync();
        // Playwright leaves the sandbox out by itself, which does not start as root.
        var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments, Timeout = 120_000 });
        return new Chromium(playwright, browser);
    }

    /// <summary>A new page, with patience for a slow machine.</summary>
    public async Task<IPage> PageAsync(BrowserNewContextOptions options)
    {
        var context = await browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    private static string? Find() => (
        from name in Names
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

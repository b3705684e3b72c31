using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations;

/// <summary>The status page as an operator sees it: in a real browser, without script.</summary>
internal sealed class StatusPageTests
{
    private const string Dying = "9b0f3f0c-dead";

    // Of everything that shows text of its own: how it stands out from what is behind it, as WCAG 2 computes it.
    private const string LowestContrast = """
        () => {
          const rgb = color => color.match(/[\d.]+/g).map(Number);
          const luminance = color => {
            const [r, g, b] = rgb(color).map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const behind = element => {
            const color = element ? getComputedStyle(element).backgroundColor : 'rgb(255, 0, 255)';
            return rgb(color)[3] === 0 ? behind(element.parentElement) : color;
          };
          return Math.min(...[...document.body.querySelectorAll('*')]
            .filter(element => element.checkVisibility() && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
            .map(element => [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a))
            .map(([light, dark]) => (light + 0.05) / (dark + 0.05)));
        }
        """;

    private Chromium chromium = null!;
    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        chromium = await Chromium.StartAsync();
        app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await app.RunTimerAsync("RegisterEndpoint");
        await app.SendAsync("ProvisioningStarted", "4d1f0a52-open");
        await app.SendAsync("ProvisioningCompleted", new string('k', 400));
        await DeadAsync(Dying);
        await DeadAsync("a/dead one " + new string('d', 400));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        if (app is not null)
            await app.DisposeAsync();
    }

    [Test]
    public async Task Its_policy_blocks_nothing_that_it_needs()
    {
        var (page, errors, _) = await OpenAsync();
        Assert.That(await StyleAsync(page, "h1", "fontSize"), Is.EqualTo("24px"), "its own style applies");
        Assert.That(await StyleAsync(page, ".cards", "display"), Is.EqualTo("grid"));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task It_runs_no_script_and_asks_for_nothing_else()
    {
        var (page, _, requests) = await OpenAsync(runsScript: true);
        Assert.That(await page.QuerySelectorAllAsync("script"), Is.Empty);
        Assert.That(requests, Has.Count.EqualTo(1));
    }

    [TestCase(390)]
    [TestCase(320)]
    public async Task On_a_phone_nothing_is_wider_than_the_screen_and_all_can_be_read_and_touched(int width)
    {
        var (page, _, _) = await OpenAsync(width, isPhone: true);
        Assert.That(
            await page.EvaluateFunctionAsync<string[]>(
                """
                width => [...document.body.querySelectorAll('*')]
                  .filter(element => element.getBoundingClientRect().right > width || element.getBoundingClientRect().left < 0)
                  .map(element => element.outerHTML.slice(0, 80))
                """,
                width),
            Is.Empty);
        var scrolled = await page.EvaluateFunctionAsync<int>("() => document.documentElement.scrollWidth");
        Assert.That(scrolled, Is.EqualTo(width), "no sideways scrolling");
        var smallestText = await page.EvaluateFunctionAsync<double>(
            "() => Math.min(...[...document.body.querySelectorAll('*')].map(element => parseFloat(getComputedStyle(element).fontSize)))");
        Assert.That(smallestText, Is.GreaterThanOrEqualTo(14));
        var lowestButton = await page.EvaluateFunctionAsync<double>(
            "() => Math.min(...[...document.querySelectorAll('button')].map(button => button.getBoundingClientRect().height))");
        Assert.That(lowestButton, Is.GreaterThanOrEqualTo(44));
    }

    [TestCase("light", "rgb(245, 246, 248)")]
    [TestCase("dark", "rgb(20, 22, 26)")]
    public async Task Light_or_dark_as_asked_for_every_text_stands_out(string scheme, string background)
    {
        var (page, _, _) = await OpenAsync(scheme: scheme);
        Assert.That(await StyleAsync(page, "body", "backgroundColor"), Is.EqualTo(background));
        var lowest = await page.EvaluateFunctionAsync<double>(LowestContrast);
        TestContext.Out.WriteLine($"Lowest contrast: {lowest:0.00}");
        Assert.That(lowest, Is.GreaterThanOrEqualTo(4.5), "what WCAG 2 asks for at level AA");
    }

    [Test]
    public async Task Pressing_Replay_at_a_dead_event_replays_that_one_and_says_so()
    {
        await DeadAsync("to-be-replayed");
        var id = EventId.Of("ProvisioningFailed", "to-be-replayed");
        var (page, errors, _) = await OpenAsync(query: "?code=a%2Fkey%3D%3D");
        var loaded = page.WaitForNavigationAsync();
        await page.ClickAsync($"form[action^='events/{id}/replay'] button");
        await loaded;

        Assert.That(await TextAsync(page, "[role=status]"), Is.EqualTo("The event is processed again."));
        var url = new Uri(page.Url).PathAndQuery;
        Assert.That(url, Is.EqualTo("/api/status?replay=Replayed&code=a%2Fkey%3D%3D"), "the key stays with the page");
        Assert.That((await app.EventAsync("to-be-replayed")).GetProperty("state").GetString(), Is.EqualTo("Received"));
        Assert.That((await app.EventAsync(Dying)).GetProperty("state").GetString(), Is.EqualTo("Dead"));
        Assert.That(await TextAsync(page, "#dead"), Does.Not.Contain("to-be-replayed"));
        Assert.That(errors, Is.Empty);
    }

    [Test]
    public async Task A_key_leads_to_what_is_known_of_its_event()
    {
        var (page, _, _) = await OpenAsync();
        var loaded = page.WaitForNavigationAsync();
        await page.ClickAsync($"#dead a[href^='events/{EventId.Of("ProvisioningFailed", Dying)}']");
        await loaded;
        Assert.That(await TextAsync(page, "body"), Does.Contain("no such project"), "the last error");
    }

    private async Task<(IPage Page, List<string> Errors, List<string> Requests)> OpenAsync(
        int width = 1280, bool isPhone = false, string scheme = "light", bool runsScript = false, string query = "")
    {
        var page = await chromium.PageAsync(width, isPhone, scheme, runsScript);
        var (errors, requests) = (new List<string>(), new List<string>());
        page.Console += (_, said) => errors.Add(said.Message.Text);
        page.RequestFailed += (_, failed) => errors.Add($"{failed.Request.Url} {failed.Request.FailureText}");
        page.Request += (_, sent) => requests.Add(sent.Request.Url);
        var answer = await page.GoToAsync(new Uri(app.Http.BaseAddress!, "/api/status" + query).ToString());
        Assert.That((int)answer.Status, Is.EqualTo(200));
        return (page, errors, requests);
    }

    private async Task DeadAsync(string key)
    {
        await app.InsertAsync("ProvisioningFailed", key);
        var claim = await app.ClaimAsync(key, "ProvisioningFailed");
        await using var lease = claim.Lease!;
        await lease.DieAsync("Jira: no such project");
    }

    private static Task<string> TextAsync(IPage page, string selector) =>
        page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).innerText", selector);

    private static Task<string> StyleAsync(IPage page, string selector, string property) => page.EvaluateFunctionAsync<string>(
        "(selector, property) => getComputedStyle(document.querySelector(selector))[property]", selector, property);
}

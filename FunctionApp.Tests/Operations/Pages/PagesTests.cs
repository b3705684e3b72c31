using Deque.AxeCore.Commons;
using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;
using PuppeteerSharp;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>The pages in a real browser, whatever the events say: they can be read and used by everybody, and run nothing.</summary>
internal sealed class PagesTests
{
    private const int LargestPage = 100 * 1024;

    private static readonly string[] Pages =
    [
        "/api/status", "/api/events", "/api/events?state=Dead", "/api/events?state=Dead&confirm=replay", "/api/events?state=zombie",
        "/api/events/{dead}", "/api/events/{dead}?confirm=erase", "/api/events/{completed}?confirm=again", "/api/events/{waiting}?confirm=give-up",
        "/api/events/{paused}", "/api/events/nothing",
    ];

    private Chromium chromium = null!;
    private TestApp app = null!;
    private Dictionary<string, string> ids = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        chromium = await Chromium.StartAsync();
        app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await app.RunTimerAsync("RegisterEndpoint");
        await app.Http.PostAsync("/api/handlers/RecordingHandler/pause", null);
        await app.InsertAsync("ProvisioningStarted", "paused");
        await app.ProcessAsync("ProvisioningStarted", "paused");
        await SampleLedger.FillAsync(app, 120);
        ids = new()
        {
            ["{paused}"] = EventId.Of("ProvisioningStarted", "paused").Value,
            ["{dead}"] = (await SampleLedger.KeepAsync(app, "a/dead one", EventState.Dead, SampleLedger.Hostile)).Value,
            ["{completed}"] = (await SampleLedger.KeepAsync(app, "completed", EventState.Completed, SampleLedger.Names[2])).Value,
            ["{waiting}"] = (await SampleLedger.KeepAsync(app, "waiting", EventState.Received, SampleLedger.Names[3])).Value,
        };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (chromium is not null)
            await chromium.DisposeAsync();
        if (app is not null)
            await app.DisposeAsync();
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Axe_finds_nothing_wide_or_narrow_light_or_dark(string url)
    {
        var script = new BundledAxeScriptProvider().GetScript();
        var found = new List<string>();
        foreach (var (width, scheme) in new[] { (1280, "light"), (320, "dark") })
        {
            await using var page = await chromium.PageAsync(width, isPhone: width < 500, scheme, runsScript: true);
            await OpenAsync(page, url);
            await page.EvaluateExpressionAsync(script + "; 0");
            found.AddRange(await page.EvaluateFunctionAsync<string[]>(
                """
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
                  .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
                """));
        }

        Assert.That(found, Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Its_policy_blocks_nothing_it_runs_no_script_it_is_small_and_fits_a_phone(string url)
    {
        await using var page = await chromium.PageAsync(320, isPhone: true, runsScript: true);
        var (errors, requests) = (new List<string>(), new List<string>());
        page.Console += (_, said) => errors.Add(said.Message.Text);
        page.Request += (_, sent) => requests.Add(sent.Request.Url);
        var answer = await OpenAsync(page, url);

        Assert.That(errors.Where(error => !error.Contains("the server responded with a status of", StringComparison.Ordinal)), Is.Empty);
        // The browser's own arrow of a list is a data: url.
        Assert.That(requests.Where(request => !request.StartsWith("data:", StringComparison.Ordinal)).ToList(), Has.Count.EqualTo(1), "no assets");
        Assert.That(await page.QuerySelectorAllAsync("script"), Is.Empty);
        Assert.That((await answer.BufferAsync()).Length, Is.LessThan(LargestPage));
        Assert.That(await page.EvaluateFunctionAsync<int>("() => document.documentElement.scrollWidth"), Is.EqualTo(320), "no sideways scrolling");
        Assert.That(
            await page.EvaluateFunctionAsync<string[]>(
                """
                () => [...document.querySelectorAll('main button, main a.button, main input:not([type=hidden]), main select')]
                  .filter(control => control.getBoundingClientRect().height < 44).map(control => control.outerHTML)
                """),
            Is.Empty,
            "all can be touched");
        Assert.That(
            await page.EvaluateFunctionAsync<string[]>(
                """
                () => [...document.querySelectorAll('button')].map(button => button.getAttribute('aria-label') ?? button.innerText)
                  .filter((name, i, all) => all.indexOf(name) !== i)
                """),
            Is.Empty,
            "no two buttons have one name");
    }

    [TestCaseSource(nameof(Pages))]
    public async Task Every_time_and_every_age_is_one_that_programs_read_too(string url)
    {
        await using var page = await chromium.PageAsync(1280);
        await OpenAsync(page, url);
        Assert.That(
            await page.EvaluateFunctionAsync<string[]>(
                """
                () => {
                  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
                  const found = [];
                  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const inside = node.parentElement.closest('time, pre, input, .soft');
                    const beside = node.parentElement.closest('span')?.parentElement.querySelector('time');
                    if (/\d (s|min|h|d)( \d+ (s|min|h))? ago|\d{4}-\d\d-\d\d \d\d:\d\d/.test(node.data)
                        && !node.parentElement.closest('time, pre') && !(inside && beside))
                      found.push(node.data);
                  }
                  return found;
                }
                """),
            Is.Empty);
        Assert.That(
            await page.EvaluateFunctionAsync<string[]>(
                "() => [...document.querySelectorAll('time')].map(time => time.dateTime).filter(text => isNaN(Date.parse(text)) || !text.endsWith('Z'))"),
            Is.Empty);
    }

    [Test]
    public async Task A_state_is_never_broken_whatever_the_type()
    {
        await using var page = await chromium.PageAsync(1280);
        await OpenAsync(page, "/api/events");
        var lines = await page.EvaluateFunctionAsync<int>(
            """
            () => Math.max(...[...document.querySelectorAll('#events td[data-label=State]')].map(cell => {
              const range = document.createRange();
              range.selectNodeContents(cell);
              return range.getClientRects().length;
            }))
            """);
        Assert.That(lines, Is.EqualTo(1));
        Assert.That(await page.EvaluateFunctionAsync<int>("() => document.documentElement.scrollWidth"), Is.EqualTo(1280));
    }

    private async Task<IResponse> OpenAsync(IPage page, string url)
    {
        foreach (var (name, id) in ids)
            url = url.Replace(name, id, StringComparison.Ordinal);
        return await page.GoToAsync(new Uri(app.Http.BaseAddress!, url).ToString());
    }
}

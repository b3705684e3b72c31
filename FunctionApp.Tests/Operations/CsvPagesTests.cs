using PointWebhooks.Tests.Simulation.Calls;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Operations;

/// <summary>A list for a spreadsheet that takes several pages; what it holds is for <see cref="EventCsvTests"/>.</summary>
internal sealed class CsvPagesTests
{
    private const int Page = 200;

    private SimulatedRoutes routes = null!;

    [SetUp]
    public void Start() => routes = new SimulatedRoutes();

    [TearDown]
    public void Stop() => routes.Dispose();

    [Test]
    public void Five_pages_are_one_answer_and_its_link_leads_to_the_rest()
    {
        routes.Die((5 * Page) - 1);

        var (first, link) = Get("events.csv?state=Dead");
        var (rest, end) = Get(link!);

        Assert.That((first.Count, rest.Count, end), Is.EqualTo((5 * Page, 1, (string?)null)));
        Assert.That(first.Concat(rest).Distinct().Count(), Is.EqualTo((5 * Page) + 1));
    }

    [Test]
    public void Where_storage_fails_behind_the_first_page_the_link_leads_on_from_there()
    {
        routes.Die(Page);
        var queries = 0;
        routes.App.Faults = call => call.Operation == StorageOperation.QueryEntities && ++queries > 16 ? Fault.Unavailable : Fault.None;

        var (first, link) = Get("events.csv?state=Dead");
        routes.App.Faults = _ => Fault.None;
        var (rest, end) = Get(link!);

        Assert.That((first.Count, rest.Count, end), Is.EqualTo((Page, 2, (string?)null)));
        Assert.That(first.Concat(rest).Distinct().Count(), Is.EqualTo(Page + 2));
    }

    private (IReadOnlyList<string> Events, string? Link) Get(string path)
    {
        var answer = routes.Get(path, "text/csv");
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        var link = answer.Headers.Link.ToString();
        return (
            [.. answer.Body.TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)],
            link.Length == 0 ? null : link[(link.IndexOf('<', StringComparison.Ordinal) + 1)..link.IndexOf('>', StringComparison.Ordinal)]);
    }
}

using System.Text.Json;

namespace PointWebhooks.Tests.Infra;

/// <summary>The workbook as it is deployed: its layout with the queries put in.</summary>
internal sealed class WorkbookTests
{
    private const string QueryItem = "KqlItem/1.0";

    [Test]
    public async Task Every_query_of_the_workbook_is_shown_once()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Bicep.Folder, "queries", "workbook")).Select(Path.GetFileNameWithoutExtension);

        Assert.That((await QueriesAsync()).Select(item => item.GetProperty("name").GetString()), Is.EquivalentTo(files));
    }

    [Test]
    public async Task An_item_carries_the_query_of_its_name() => Assert.Multiple(async () =>
    {
        foreach (var item in await QueriesAsync())
        {
            var file = Path.Combine(Bicep.Folder, "queries", "workbook", $"{item.GetProperty("name").GetString()}.kql");
            Assert.That(item.GetProperty("content").GetProperty("query").GetString(), Is.EqualTo(await File.ReadAllTextAsync(file)));
        }
    });

    [Test]
    public async Task Every_query_follows_the_time_range_and_has_a_title() => Assert.Multiple(async () =>
    {
        foreach (var content in (await QueriesAsync()).Select(item => item.GetProperty("content")))
        {
            Assert.That(content.GetProperty("timeContextFromParameter").GetString(), Is.EqualTo("TimeRange"));
            Assert.That(content.GetProperty("title").GetString(), Is.Not.Empty);
        }
    });

    [Test]
    public async Task It_reads_the_application_insights_of_the_deployment()
    {
        var deployment = await Deployment.OfAsync(Deployment.Small);

        var insights = deployment.Of("Microsoft.Insights/components").Single().GetProperty("id").GetString();
        Assert.That((await WorkbookAsync()).GetProperty("fallbackResourceIds")[0].GetString(), Is.EqualTo(insights));
    }

    private static async Task<IReadOnlyList<JsonElement>> QueriesAsync() =>
        [.. (await WorkbookAsync()).GetProperty("items").EnumerateArray().Where(item =>
            item.GetProperty("content").TryGetProperty("version", out var version) && version.GetString() == QueryItem)];

    private static async Task<JsonElement> WorkbookAsync()
    {
        var workbook = (await Deployment.OfAsync(Deployment.Small)).Of("Microsoft.Insights/workbooks").Single();
        return JsonDocument.Parse(workbook.GetProperty("properties").GetProperty("serializedData").GetString()!).RootElement;
    }
}

using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Operations.Pages;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

internal sealed class EventCsvTests
{
    [TestCase("=1+1", "\"'=1+1\"")]
    [TestCase("+1", "\"'+1\"")]
    [TestCase("-1", "\"'-1\"")]
    [TestCase("@SUM(A1)", "\"'@SUM(A1)\"")]
    [TestCase("\tx", "\"'\tx\"")]
    [TestCase("  =1", "\"'  =1\"")]
    [TestCase("＝1", "\"'＝1\"")]
    [TestCase("＋1", "\"'＋1\"")]
    [TestCase("－1", "\"'－1\"")]
    [TestCase("＠SUM(A1)", "\"'＠SUM(A1)\"")]
    [TestCase("\rx", "\"'\rx\"")]
    [TestCase("\nx", "\"'\nx\"")]
    [TestCase("x;=1+1;y", "\"x;'=1+1;y\"")]
    [TestCase("x; \" =1", "\"x; \"\" '=1\"")]
    [TestCase("x;＝1", "\"x;'＝1\"")]
    [TestCase("x\t@SUM(A1)", "\"x\t'@SUM(A1)\"")]
    [TestCase("x\r+1", "\"x\r'+1\"")]
    [TestCase("x\r\n-1;-2", "\"x\r\n'-1;'-2\"")]
    [TestCase("x;y=1", "\"x;y=1\"")]
    [TestCase("say \"hi\", then go", "\"say \"\"hi\"\", then go\"")]
    [TestCase("Grüne Wiese", "\"Grüne Wiese\"")]
    public void A_text_is_never_a_formula_nor_leaves_its_field(string name, string expected)
    {
        var csv = EventCsv.Of([new EventSummary("id", "key", "type", EventState.Dead, null, null, null, 1, name, null, null)]);
        Assert.That(csv, Does.EndWith($"\"id\",\"key\",\"type\",\"Dead\",\"\",\"\",\"\",\"1\",{expected},\"\",\"\",\"\"\r\n"));
    }

    [Test]
    public void Each_column_has_what_it_is_named_after()
    {
        var at = new DateTimeOffset(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
        var summary = new EventSummary(
            "id", "key", "type", EventState.Retrying, at, at.AddMinutes(1), at.AddMinutes(2), 3, "name", "kind", "error")
        {
            WaitsFor = ["jira-it", "teams-it"],
        };

        var lines = EventCsv.Of([summary]).Split("\r\n");

        var columns = lines[0].TrimStart('\uFEFF').Split(',').Zip(lines[1].Split(','), (name, value) => $"{name.Trim('"')}={value.Trim('"')}");
        Assert.That(columns, Is.EqualTo(
        [
            "id=id", "idempotencyKey=key", "type=type", "state=Retrying", "receivedAt=2026-05-01 12:00:00.000",
            "nextAttemptAt=2026-05-01 12:01:00.000", "finishedAt=2026-05-01 12:02:00.000", "attempts=3", "workspaceName=name",
            "workspaceKind=kind", "error=error", "waitsFor=jira-it teams-it",
        ]));
    }

    [Test]
    public async Task A_list_is_downloaded_by_its_filter_page_by_page()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);
        await SampleLedger.FillAsync(app, 1_200);
        using var first = await app.Http.GetAsync("/api/events.csv?state=Completed&take=100");
        var lines = (await first.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.That(first.Content.Headers.ContentType?.ToString(), Is.EqualTo("text/csv; charset=utf-8"));
        Assert.That(first.Content.Headers.ContentDisposition?.FileName, Is.EqualTo("events.csv"));
        Assert.That(lines, Has.Length.EqualTo(481), "a header and 480 events");
        Assert.That(first.Headers.Contains("Link"), Is.False, "that was all");

        using var all = await app.Http.GetAsync("/api/events.csv");
        var next = all.Headers.GetValues("Link").Single();
        Assert.That(next, Does.Match("^<events.csv\\?take=200&continuation=[^>]+>; rel=\"next\"$"));
        using var rest = await app.Http.GetAsync("/api/" + next[1..next.IndexOf('>', StringComparison.Ordinal)]);
        var restLines = (await rest.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(restLines, Has.Length.EqualTo(201));
    }
}

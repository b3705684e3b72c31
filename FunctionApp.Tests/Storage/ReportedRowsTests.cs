using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Storage;

/// <summary>What cannot be read is reported, and does not fill the log.</summary>
internal sealed class ReportedRowsTests
{
    [Test]
    public void A_row_is_reported_once_and_no_more_than_a_thousand_are()
    {
        var reported = new ReportedRows();

        var first = Enumerable.Range(0, 1001).Select(i => reported.Add(new RowAddress("p", $"{i}"))).ToList();

        Assert.That(first.SkipLast(1), Is.All.True);
        Assert.That(first[^1], Is.False);
        Assert.That(reported.Add(new RowAddress("p", "0")), Is.False);
    }
}

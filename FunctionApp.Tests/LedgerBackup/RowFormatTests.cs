using Azure.Data.Tables;
using PointWebhooks.LedgerBackup;

namespace PointWebhooks.Tests.LedgerBackup;

/// <summary>A row as a line of the file.</summary>
internal sealed class RowFormatTests
{
    [Test]
    public void A_line_of_something_else_is_refused(
        [Values("", "{}", "[]", """{"partition":"a","row":"b","columns":{"c":{"d":"e"}}}""")] string line) =>
        Assert.That(() => RowFormat.Read(line), Throws.TypeOf<FormatException>());

    [Test]
    public void Every_type_of_a_column_comes_back()
    {
        var row = new TableEntity("a", "b")
        {
            ["text"] = "ä\n\"",
            ["truth"] = true,
            ["int"] = -1,
            ["long"] = long.MaxValue,
            ["double"] = 0.1,
            ["time"] = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1),
            ["guid"] = Guid.Empty,
            ["bytes"] = new byte[] { 0, 255 },
        };

        Assert.That(RowFormat.Read(RowFormat.Write(row)), Is.EqualTo(row));
    }
}

namespace PointWebhooks.Benchmarks.Report;

/// <summary>A table as README.md shows it.</summary>
/// <param name="Columns">The heads of its columns.</param>
internal sealed record ReportTable(params IReadOnlyList<string> Columns)
{
    private readonly List<IReadOnlyList<string>> rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many as there are columns.</param>
    public void Add(params IReadOnlyList<string> cells)
    {
        rows.Add(cells);
        Console.WriteLine("  " + string.Join(" | ", cells));
    }

    /// <summary>It as Markdown.</summary>
    public string ToMarkdown() =>
        string.Join('\n', [Line(Columns), Line(Columns.Select(_ => "---")), .. rows.Select(Line)]);

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
}

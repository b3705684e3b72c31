using System.Text.RegularExpressions;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Support;

/// <summary>A Markdown document of this repository.</summary>
/// <param name="path">Its path from the root, such as <c>docs/telemetry.md</c>.</param>
internal sealed partial class Document(string path)
{
    private readonly string text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), path));

    /// <summary>The cells of the table with these columns, row by row, without the backticks.</summary>
    public IReadOnlyList<string[]> Table(params string[] columns)
    {
        var rows = text.Split('\n')
            .SkipWhile(line => line != $"| {string.Join(" | ", columns)} |").Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|'))
            .Select(cells => cells.Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray())
            .ToList();
        Assert.That(rows, Is.Not.Empty, $"{path} has no table {string.Join(", ", columns)}");
        return rows;
    }

    /// <summary>Whether it says something, wherever its lines break.</summary>
    public bool Says(string words) => Blanks().Replace(text, " ").Contains(words, StringComparison.Ordinal);

    /// <summary>The text of each fenced block in a language.</summary>
    public IReadOnlyList<string> Blocks(string language) =>
    [
        .. from Match block in BlockPattern().Matches(text)
           where block.Groups["language"].Value == language
           select block.Groups["text"].Value,
    ];

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}

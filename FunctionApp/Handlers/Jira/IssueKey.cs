using System.Text.RegularExpressions;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Keys of issues, such as <c>IT-12</c>.</summary>
internal static partial class IssueKey
{
    /// <summary>
    /// The key that a text is, or null when it is none. A project's key is two or more capitals, digits and underscores that begin with a
    /// letter, on Cloud as on Data Center with its default pattern.
    /// </summary>
    /// <param name="projects">
    /// The keys of the projects to look for, in which case capitals do not matter; empty for every project. Without them
    /// <c>project-2024</c>, as many a site is called, must not be taken for a key.
    /// </param>
    public static string? Read(string text, IReadOnlyList<string> projects)
    {
        var match = Pattern().Match(projects.Count > 0 ? text.ToUpperInvariant() : text);
        return match.Success && (projects.Count == 0 || projects.Contains(match.Groups["project"].Value, StringComparer.OrdinalIgnoreCase))
            ? match.Value
            : null;
    }

    /// <summary>Whether a text is the key of a project.</summary>
    public static bool IsProject(string text) => Pattern().IsMatch($"{text}-1");

    [GeneratedRegex(@"^(?<project>[A-Z][A-Z0-9_]+)-[1-9][0-9]{0,9}\z")]
    private static partial Regex Pattern();
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>
/// The search: that of Jira Cloud, which refuses what is unbounded and is behind, and that of Data Center, which Cloud has no more.
/// </summary>
internal static class JiraSearch
{
    /// <param name="isOld">Whether the search of Data Center is asked.</param>
    /// <param name="jira">What is searched.</param>
    /// <param name="indexed">The time up to which the index knows what happened.</param>
    public static DownstreamAnswer Answer(
        DownstreamRequest request, bool isOld, JiraEdition edition, SimulatedJira jira, DateTimeOffset indexed)
    {
        if (isOld == (edition == JiraEdition.Cloud))
        {
            return isOld
                ? JiraErrors.Message(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
                : new DownstreamAnswer(404, "<html>Oops, you've found a dead link.</html>", "text/html");
        }

        try
        {
            var jql = Jql.Parse(Asked(request, "jql"));
            if (jql.IsUnbounded && edition == JiraEdition.Cloud)
                return JiraErrors.Message(400, "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
            if (jql.ProjectsAsked.FirstOrDefault(key => jira.Projects.All(project => project.Key != key)) is { } unknown)
                return JiraErrors.Message(400, $"The value '{unknown}' does not exist for the field 'project'.");
            var found = jira.Issues.Where(issue => issue.IndexedAt(indexed) is { } known && jql.Finds(issue.Key, known)).ToList();
            return Found(found, request, isOld, indexed);
        }
        catch (FormatException e)
        {
            return JiraErrors.Message(400, e.Message);
        }
    }

    /// <summary>The fields that were asked for.</summary>
    public static Dictionary<string, JsonNode?> Chosen(JsonObject fields, string chosen) => fields
        .Where(field => chosen == "*all" || chosen.Split(',').Contains(field.Key))
        .ToDictionary(field => field.Key, field => field.Value);

    private static DownstreamAnswer Found(List<JiraIssue> found, DownstreamRequest request, bool isOld, DateTimeOffset indexed)
    {
        var most = int.TryParse(Asked(request, "maxResults"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 50;
        var issues = found.Take(most).Select(issue => new
        {
            id = issue.Id,
            key = issue.Key,
            fields = Chosen(issue.IndexedAt(indexed)!, Asked(request, "fields")),
        });
        return isOld
            ? DownstreamAnswer.Json(200, new { startAt = 0, maxResults = most, total = found.Count, issues })
            : DownstreamAnswer.Json(200, new { issues, isLast = found.Count <= most });
    }

    // In the query of a GET, or in the body of a POST.
    private static string Asked(DownstreamRequest request, string name) => request.Parameter(name) ?? request.Json?[name] switch
    {
        JsonArray several => string.Join(',', several),
        { } one => one.ToString(),
        null => "",
    };
}

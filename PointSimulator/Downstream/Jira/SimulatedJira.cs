using System.Globalization;
using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>
/// A Jira to develop against, as far as tickets need it: Cloud with both versions of its API and a search that lags, or Data Center.
/// </summary>
/// <param name="edition">Which.</param>
/// <param name="time">Its clock.</param>
public sealed class SimulatedJira(JiraEdition edition, TimeProvider time) : IDownstream
{
    private readonly List<JiraIssue> issues = [];
    private int lastComment = 10000;

    /// <inheritdoc/>
    public string Name => "jira";

    /// <summary>Who may call it.</summary>
    public JiraAccess Access { get; } = new();

    /// <summary>How many comments of an issue it shows at once, however many are asked for.</summary>
    public int MostCommentsOfPage { get; set; } = 100;

    /// <summary>How many comments of an issue it counts and does not show, because they are for others.</summary>
    public int HiddenComments { get; set; }

    /// <summary>Its projects.</summary>
    public IList<JiraProject> Projects { get; } = [new JiraProject("TASK"), new JiraProject("ITSM", IsService: true)];

    /// <summary>How far the search is behind.</summary>
    public TimeSpan SearchLag { get; set; } = TimeSpan.Zero;

    /// <summary>Its issues, oldest first.</summary>
    public IReadOnlyList<JiraIssue> Issues => [.. issues];

    /// <summary>An issue by its key, or null.</summary>
    public JiraIssue? Find(string key) =>
        issues.FirstOrDefault(issue => issue.Key.Equals(key, StringComparison.OrdinalIgnoreCase) || issue.Id == key);

    /// <summary>Adds an issue, as a person does.</summary>
    public JiraIssue Add(string project, string summary, params IReadOnlyList<string> labels) => Add(
        Projects.First(one => one.Key == project),
        new JsonObject { ["summary"] = summary, ["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]) },
        []);

    /// <inheritdoc/>
    public string StepOf(DownstreamRequest request) => (request.Method, Route(request)) switch
    {
        ("POST", ["oauth", "token"]) => "token",
        ("POST", ["rest", "api", _, "issue"]) => "create",
        ("GET", ["rest", "api", _, "issue", _]) => "get",
        ("PUT", ["rest", "api", _, "issue", _]) => "edit",
        ("GET", ["rest", "api", _, "issue", _, "comment"]) => "comments",
        ("POST", ["rest", "api", _, "issue", _, "comment"]) => "comment",
        ("GET", ["rest", "api", _, "issue", _, "transitions"]) => "transitions",
        ("POST", ["rest", "api", _, "issue", _, "transitions"]) => "transition",
        ("GET" or "POST", ["rest", "api", _, "search", "jql"]) => "search",
        ("GET" or "POST", ["rest", "api", _, "search"]) => "old-search",
        _ => "unknown",
    };

    /// <inheritdoc/>
    public DownstreamAnswer Answer(DownstreamRequest request)
    {
        var step = StepOf(request);
        if (step == "token")
            return Access.Grant(request);
        if (!Access.Admits(request, edition))
            return new DownstreamAnswer(401, "Client must be authenticated to access this resource.", "text/plain");
        var route = Route(request);
        var isDocument = route.ElementAtOrDefault(2) == "3";
        if (step == "unknown" || (isDocument && edition == JiraEdition.DataCenter))
            return new DownstreamAnswer(404, "<html>Oops, you've found a dead link.</html>", "text/html");
        if (step is "search" or "old-search")
            return JiraSearch.Answer(request, step == "old-search", edition, this, time.GetUtcNow() - SearchLag);
        if (step == "create")
            return Create(request.Json ?? [], isDocument);
        if (Find(route[4]) is not { } issue)
            return JiraErrors.NotFound;
        return step switch
        {
            "get" => Get(issue, request),
            "edit" => Edit(issue, request.Json ?? [], isDocument),
            "comments" => Comments(issue, request),
            "comment" => Comment(issue, request.Json ?? [], isDocument),
            "transitions" => Transitions(issue),
            _ => Transition(issue, request.Json ?? [], isDocument),
        };
    }

    private static List<string> Route(DownstreamRequest request) =>
        [.. request.Segments is ["ex", "jira", _, ..] ? request.Segments.Skip(3) : request.Segments];

    private DownstreamAnswer Create(JsonObject body, bool isDocument)
    {
        var fields = body["fields"] as JsonObject ?? [];
        var key = fields["project"]?["key"]?.ToString();
        if (Projects.FirstOrDefault(one => one.Key == key) is not { } project)
            return JiraErrors.Field("project", "valid project is required");
        if (!project.IssueTypes.Contains(fields["issuetype"]?["name"]?.ToString() ?? ""))
            return JiraErrors.Field("issuetype", "Specify a valid issue type");
        if (!fields.ContainsKey("summary"))
            return JiraErrors.Field("summary", "You must specify a summary of the issue.");
        var wrong = JiraFields.Check(fields, project, isDocument);
        if (wrong.Count > 0)
            return JiraErrors.Fields(wrong);

        var issue = Add(project, fields, body);
        return DownstreamAnswer.Json(201, new { id = issue.Id, key = issue.Key, self = $"http://jira/rest/api/2/issue/{issue.Id}" });
    }

    private JiraIssue Add(JiraProject project, JsonObject fields, JsonObject body)
    {
        var number = issues.Count(one => one.Project == project) + 1;
        var issue = new JiraIssue((10000 + issues.Count).ToString(CultureInfo.InvariantCulture), $"{project.Key}-{number}", project);
        issue.Set(fields, body);
        issue.Status = project.FirstStatus;
        issue.Changed(time.GetUtcNow());
        issues.Add(issue);
        return issue;
    }

    private static DownstreamAnswer Get(JiraIssue issue, DownstreamRequest request)
    {
        var properties = (request.Parameter("properties") ?? "").Split(',');
        return DownstreamAnswer.Json(200, new
        {
            id = issue.Id,
            key = issue.Key,
            fields = JiraSearch.Chosen(issue.Fields, request.Parameter("fields") ?? "*all"),
            properties = issue.Properties.Where(property => properties.Contains(property.Key)).ToDictionary(),
        });
    }

    private DownstreamAnswer Edit(JiraIssue issue, JsonObject body, bool isDocument)
    {
        var fields = body["fields"] as JsonObject ?? [];
        var wrong = JiraFields.Check(fields, issue.Project, isDocument);
        if (wrong.Count > 0)
            return JiraErrors.Fields(wrong);
        issue.Set(fields, body);
        issue.Changed(time.GetUtcNow());
        return new DownstreamAnswer(204);
    }

    private DownstreamAnswer Comments(JiraIssue issue, DownstreamRequest request)
    {
        var (start, most) = (Number(request, "startAt", 0), Math.Min(Number(request, "maxResults", 50), MostCommentsOfPage));
        return DownstreamAnswer.Json(200, new
        {
            startAt = start,
            maxResults = most,
            total = issue.Comments.Count + HiddenComments,
            comments = issue.Comments.Skip(start).Take(most).Select(comment => new
            {
                id = comment.Id,
                body = comment.Body,
                jsdPublic = comment.IsPublic,
            }),
        });
    }

    private DownstreamAnswer Comment(JiraIssue issue, JsonObject body, bool isDocument)
    {
        if (JiraFields.Text(body["body"], isDocument) is not null)
            return JiraErrors.Field("comment", "Comment body is not valid!");
        var properties = new Dictionary<string, JsonNode?>();
        JiraIssue.Keep(properties, body);
        var isInternal = properties.GetValueOrDefault("sd.public.comment")?["internal"]?.GetValue<bool>() == true;
        var id = (++lastComment).ToString(CultureInfo.InvariantCulture);
        issue.Comments.Add(new JiraComment(
            id, body["body"]!.DeepClone(), issue.Project.IsService && !isInternal, properties, time.GetUtcNow()));
        return DownstreamAnswer.Json(201, new { id });
    }

    private static DownstreamAnswer Transitions(JiraIssue issue) => DownstreamAnswer.Json(200, new
    {
        transitions = issue.Project.Transitions.Where(one => one.From.Contains(issue.Status)).Select(one => new
        {
            id = one.Id,
            name = one.Name,
            to = new { id = one.To, name = one.To },
        }),
    });

    private DownstreamAnswer Transition(JiraIssue issue, JsonObject body, bool isDocument)
    {
        var id = body["transition"]?["id"]?.ToString();
        var transition = issue.Project.Transitions.FirstOrDefault(one => one.Id == id && one.From.Contains(issue.Status));
        if (transition is null)
            return JiraErrors.Message(400, "It seems that you have tried to perform an illegal workflow operation.");
        var fields = body["fields"] as JsonObject ?? [];
        if (transition.RequiredField is { } required && !fields.ContainsKey(required))
            return JiraErrors.Field(required, $"{required} is required.");
        var wrong = JiraFields.Check(fields, issue.Project with { Fields = [.. issue.Project.Fields, transition.RequiredField ?? ""] }, isDocument);
        if (wrong.Count > 0)
            return JiraErrors.Fields(wrong);
        issue.Set(fields, body);
        issue.Status = transition.To;
        issue.History.Add(transition.Name);
        issue.Changed(time.GetUtcNow());
        return new DownstreamAnswer(204);
    }

    private static int Number(DownstreamRequest request, string name, int otherwise) =>
        int.TryParse(request.Parameter(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>Errors as Jira answers them; either part may be empty.</summary>
internal static class JiraErrors
{
    public static DownstreamAnswer NotFound { get; } =
        Message(404, "Issue does not exist or you do not have permission to see it.");

    public static DownstreamAnswer Message(int status, string message) =>
        DownstreamAnswer.Json(status, new { errorMessages = new[] { message }, errors = new { } });

    public static DownstreamAnswer Fields(IReadOnlyDictionary<string, string> errors) =>
        DownstreamAnswer.Json(400, new { errorMessages = Array.Empty<string>(), errors });

    public static DownstreamAnswer Field(string field, string error) => Fields(new Dictionary<string, string> { [field] = error });
}

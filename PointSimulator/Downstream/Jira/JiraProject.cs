namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>A project.</summary>
/// <param name="Key">Its key.</param>
/// <param name="IsService">Whether it is one of Jira Service Management, where a comment is public unless it says otherwise.</param>
public sealed record JiraProject(string Key, bool IsService = false)
{
    /// <summary>The types of its issues.</summary>
    public IReadOnlyList<string> IssueTypes { get; init; } = ["Task", "Service Request"];

    /// <summary>The fields that may be set, beside those that every issue has.</summary>
    public IReadOnlyList<string> Fields { get; init; } = ["priority", "customfield_10010"];

    /// <summary>The status of a new issue.</summary>
    public string FirstStatus { get; init; } = "To Do";

    /// <summary>The ways from one status to the next.</summary>
    public IReadOnlyList<JiraTransition> Transitions { get; init; } =
    [
        new("11", "Start work", "In Progress", ["To Do"]),
        new("31", "Resolve this issue", "Done", ["To Do", "In Progress"]),
        new("41", "Reopen", "To Do", ["Done"]),
    ];
}

/// <summary>A way from one status to another.</summary>
/// <param name="Id">Its id, of this workflow alone.</param>
/// <param name="Name">Its name.</param>
/// <param name="To">The status it leads to.</param>
/// <param name="From">The statuses it begins at.</param>
/// <param name="RequiredField">A field that must come with it, or null.</param>
public sealed record JiraTransition(string Id, string Name, string To, IReadOnlyList<string> From, string? RequiredField = null);

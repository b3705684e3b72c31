using PointWebhooks.Handlers.Jira;
using PointWebhooks.Ledger;
using JiraIssue = PointWebhooks.Simulator.Downstream.Jira.JiraIssue;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What has to be so in the systems that the configured handlers call, as those have it.</summary>
internal sealed class HandlerInvariants(World world, CalledSystems systems)
{
    private const string Opened = "servicenow-desk insert";
    private const string Updated = "servicenow-desk update";

    // An attempt gives up after 20 s, and the next one follows 9 s later at the earliest.
    private static readonly TimeSpan EarliestLook = TimeSpan.FromSeconds(29);
    private static readonly TimeSpan SearchTime = TimeSpan.FromSeconds(300);

    private IReadOnlyList<JiraIssue> Jira { get; } = systems.Jira.Issues;

    /// <summary>Everything that is not as it has to be.</summary>
    public IEnumerable<string> Violations() => [.. Doubled(), .. Incomplete(), .. Misplaced(), .. Unresolved(), .. Renamed()];

    // Receivers alone may be told twice, which Invariants looks after. But nobody sees what is still to come: a call that has its effect
    // after the next attempt has looked.
    private IEnumerable<string> Doubled() =>
        from name in systems.Known
        let id = IdOf(name)
        from counted in new (string Handler, TimeSpan Look, int Count)[]
        {
            ("jira-it comment", EarliestLook, Jira.Sum(issue => issue.Comments.Count(comment => IsOf(comment.Text, id)))),
            ("jira-it create", SearchTime - world.Plan.SearchLag, Jira.Count(issue => issue.Labels.Contains(new JiraMark(id, "jira-it").Label))),
            ("jira-it edit", EarliestLook, Effects(name).Count(effect => effect == "jira-it edit")),
            ("jira-it transition", EarliestLook, Effects(name).Count(effect => effect == "jira-it transition")),
            (Opened, TimeSpan.MaxValue, systems.ServiceNow.Incidents.Count(incident => incident["sys_id"] == CalledSystems.RecordIdOf(id))),
            (Updated, EarliestLook, systems.ServiceNow.Journal.Count(entry => IsOf(entry.Text, id))),
        }
        where counted.Count > 1 && !IsLate(name, counted.Handler, counted.Look)
        select $"doubled: {counted.Handler} {counted.Count} times for {name}";

    private bool IsLate(EventName name, string handler, TimeSpan look) =>
        world.Downstream.Calls.Exists(call => call.Event == name && call.Handler == handler && call.At - call.Began > look);

    private IEnumerable<string> Incomplete() =>
        from one in world.Ledger.Events
        where one.State == EventState.Completed
        let had = Effects(one.Name).Where(effect => effect != Updated).Distinct().Order()
        let expected = Expected(one.Name).Order()
        where !had.SequenceEqual(expected)
        select $"incomplete: {one.Name} is completed with {string.Join(", ", had)} in place of {string.Join(", ", expected)}";

    private IEnumerable<string> Misplaced() =>
        from name in systems.Known
        from issue in Jira
        where issue.Key != Workspace.Of(name).Ticket
            && issue.Comments.Exists(comment => IsOf(comment.Text, IdOf(name)))
        select $"misplaced: the comment of {name} is on {issue.Key}";

    // What was received before the incident was there may have been processed before, too.
    private IEnumerable<string> Unresolved() =>
        from opened in world.Downstream.Calls
        where opened.Handler == Opened
        from one in world.Ledger.Events
        where one.State == EventState.Completed && one.Name.Type == "ProvisioningCompleted"
            && Workspace.Of(one.Name) == Workspace.Of(opened.Event) && one.ReceivedAt > opened.At + world.Plan.LongestSkew
        let incident = systems.ServiceNow.Incidents.Single(record => record["sys_id"] == CalledSystems.RecordIdOf(IdOf(opened.Event)))
        where incident["state"] != "6"
        select $"unresolved: the incident of {opened.Event}, after {one.Name}";

    private IEnumerable<string> Renamed() =>
        from received in systems.Http.Received
        group received by received.Json!["id"]!.ToString() into same
        where same.Any(one =>
            one.Header("webhook-id") != same.Key || one.Header("Idempotency-Key") != same.Key || one.Body != same.First().Body)
        select $"renamed: {same.Key} is another event when it comes again";

    private static IEnumerable<string> Expected(EventName name)
    {
        var isLabelled = Workspace.Of(name).IsLabelled;
        string[] jira = name.Type switch
        {
            "ProvisioningCompleted" => ["edit", "transition", "comment"],
            "ProvisioningStarted" or "ProvisioningFailed" when isLabelled => ["edit", "comment"],
            "ProvisioningFailed" => ["create"],
            _ => [],
        };
        return
        [
            .. jira.Select(step => $"jira-it {step}"),
            .. name.Type == "ProvisioningFailed" ? [Opened] : Array.Empty<string>(),
            .. name.Type is "ProvisioningCompleted" or "ProvisioningFailed" ? ["teams-team post"] : Array.Empty<string>(),
            "http-others post",
        ];
    }

    private IEnumerable<string> Effects(EventName name) =>
        world.Downstream.Calls.Where(call => call.Event == name).Select(call => call.Handler);

    private static bool IsOf(string text, string id) => text.Contains(id, StringComparison.Ordinal);

    private static string IdOf(EventName name) => EventId.Of(name.Type, name.Key).Value;
}

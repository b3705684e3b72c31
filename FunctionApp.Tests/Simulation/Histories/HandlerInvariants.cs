using PointWebhooks.Handlers.Jira;
using PointWebhooks.Handlers.ServiceNow;
using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What has to be so in the systems that the configured handlers call, as those have it.</summary>
internal sealed class HandlerInvariants(World world, CalledSystems systems)
{
    /// <summary>Everything that is not as it has to be.</summary>
    public IEnumerable<string> Violations() => [.. Doubled(), .. Incomplete(), .. Misplaced(), .. Unresolved(), .. Renamed()];

    // Whatever went wrong: receivers alone may be told twice, which Invariants looks after.
    private IEnumerable<string> Doubled() =>
        from name in systems.Known
        let id = IdOf(name)
        from counted in new (string What, int Count)[]
        {
            ("comments", systems.Jira.Issues.Sum(issue => issue.Comments.Count(comment => comment.Text.Contains(id, StringComparison.Ordinal)))),
            ("tickets", systems.Jira.Issues.Count(issue => issue.Labels.Contains(JiraMark.Label(id)))),
            ("incidents", systems.ServiceNow.Incidents.Count(incident => incident["sys_id"] == RecordId.Of(id, "incident"))),
            ("notes", systems.ServiceNow.Journal.Count(entry => entry.Text.Contains(id, StringComparison.Ordinal))),
            ("changes of fields", Effects(name).Count(effect => effect == $"{CalledSystems.JiraHandler} edit")),
            ("transitions", Effects(name).Count(effect => effect == $"{CalledSystems.JiraHandler} transition")),
        }
        where counted.Count > 1
        select $"doubled: {counted.Count} {counted.What} of {name}";

    private IEnumerable<string> Incomplete() =>
        from one in world.Ledger.Events
        where one.State == EventState.Completed
        let had = Effects(one.Name).Where(effect => effect != $"{CalledSystems.ServiceNowHandler} update").Distinct().Order()
        let expected = Expected(one.Name).Order()
        where !had.SequenceEqual(expected)
        select $"incomplete: {one.Name} is completed with {string.Join(", ", had)} in place of {string.Join(", ", expected)}";

    private IEnumerable<string> Misplaced() =>
        from name in systems.Known
        from issue in systems.Jira.Issues
        where issue.Key != Workspace.Of(name).Ticket
            && issue.Comments.Exists(comment => comment.Text.Contains(IdOf(name), StringComparison.Ordinal))
        select $"misplaced: the comment of {name} is on {issue.Key}";

    // What was received before the incident was there may have been processed before, too.
    private IEnumerable<string> Unresolved() =>
        from opened in world.Downstream.Calls
        where opened.Handler == $"{CalledSystems.ServiceNowHandler} insert"
        from one in world.Ledger.Events
        where one.State == EventState.Completed && one.Name.Type == "ProvisioningCompleted"
            && Workspace.Of(one.Name) == Workspace.Of(opened.Event) && one.ReceivedAt > opened.At + world.Plan.LongestSkew
        let incident = systems.ServiceNow.Incidents.Single(record => record["sys_id"] == RecordId.Of(IdOf(opened.Event), "incident"))
        where incident["state"] != "6"
        select $"unresolved: the incident of {opened.Event}, after {one.Name}";

    private IEnumerable<string> Renamed() =>
        from received in systems.Http.Received
        group received by received.Json!["id"]!.ToString() into same
        where same.Any(one => one.Header("webhook-id") != same.Key || one.Header("Idempotency-Key") != same.Key || one.Body != same.First().Body)
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
            .. jira.Select(step => $"{CalledSystems.JiraHandler} {step}"),
            .. name.Type == "ProvisioningFailed" ? [$"{CalledSystems.ServiceNowHandler} insert"] : Array.Empty<string>(),
            .. name.Type is "ProvisioningCompleted" or "ProvisioningFailed" ? [$"{CalledSystems.TeamsHandler} post"] : Array.Empty<string>(),
            $"{CalledSystems.HttpHandler} post",
        ];
    }

    private IEnumerable<string> Effects(EventName name) =>
        world.Downstream.Calls.Where(call => call.Event == name).Select(call => call.Handler);

    private static string IdOf(EventName name) => EventId.Of(name.Type, name.Key).Value;
}

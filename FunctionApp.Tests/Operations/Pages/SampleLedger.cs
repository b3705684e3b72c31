using Azure.Data.Tables;
using PointWebhooks.Ledger;
using PointWebhooks.Simulator;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>Events to look at, past receiving and processing: with names that are long, hostile, or run from right to left.</summary>
internal static class SampleLedger
{
    public const string Hostile = "<script>alert(1)</script>\"'{{ 7 | times: 6 }}";

    public static readonly IReadOnlyList<string> Names =
    [
        "Project Phoenix", Hostile, new string('W', 200), "مشروع فينيكس للتسويق", "Grüne Wiese", "\u202Egnp.exe\u202C rtl override", "研究開発部ワークスペース",
    ];

    private static readonly string[] Types =
        ["ProvisioningStarted", "ProvisioningCompleted", "ProvisioningFailed", new string('T', 128)];

    /// <summary>Keeps one event in a state, with a history as it has then.</summary>
    public static async Task<EventId> KeepAsync(
        TestApp app, string key, EventState state, string name = "Project Phoenix", string type = "ProvisioningCompleted", string error = "jira: 401 Unauthorized")
    {
        await Table(app).SubmitTransactionAsync(Rows(Event(key, state, name, type, error, DateTimeOffset.UtcNow.AddMinutes(-3)), type, key));
        return EventId.Of(type, key);
    }

    /// <summary>Keeps many events in all states.</summary>
    /// <param name="names">The names of their workspaces, or null for those that are hard to show.</param>
    public static async Task FillAsync(TestApp app, int count, IReadOnlyList<string>? names = null)
    {
        var types = names is null ? Types : Types[..3];
        names ??= Names;
        var states = new[] { EventState.Completed, EventState.Dead, EventState.Retrying, EventState.Received, EventState.Completed };
        var rows = Enumerable.Range(0, count).SelectMany(i =>
        {
            var (key, type) = ($"sample-{i}", types[i % types.Length]);
            var error = i % 3 == 0 ? $"jira: 401 Unauthorized, request {1_000_000 + i}" : $"servicenow: {(types.Length > 3 ? new string('e', 150) : "503 Service Unavailable")}";
            return Rows(Event(key, states[i % states.Length], names[i % names.Count], type, error, DateTimeOffset.UtcNow.AddMinutes(-i - 1)), type, key);
        });
        foreach (var chunk in rows.GroupBy(row => row.Entity.PartitionKey).SelectMany(partition => partition.Chunk(100)))
            await Table(app).SubmitTransactionAsync(chunk);
    }

    private static TableClient Table(TestApp app)
    {
        var table = new TableClient(app.Storage, PointTable.Name);
        table.CreateIfNotExists();
        return table;
    }

    private static LedgerEvent Event(string key, EventState state, string name, string type, string error, DateTimeOffset at)
    {
        at = LedgerWriter.Rounded(at);
        var received = EventLedger.New(type, key, at, at) with { WorkspaceName = name, WorkspaceKind = "MicrosoftTeams" };
        received = received with { TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" };
        if (state == EventState.Received)
            return received;
        var claimed = (received with { State = EventState.Processing }).Noting(at.AddSeconds(1), by: "instance-1 1.4.0");
        var done = (claimed with { Done = ["jira-it"] })
            .Noting(at.AddSeconds(2), "jira-it: Opened ITSM-12", "https://contoso.atlassian.net/browse/ITSM-12", took: TimeSpan.FromMilliseconds(840));
        var finished = done with { State = state, FinishedAt = state == EventState.Retrying ? null : at.AddSeconds(3) };
        return state == EventState.Completed
            ? finished.Noting(at.AddSeconds(3))
            : (finished with { Attempts = 1, LastError = error, NotBefore = state == EventState.Retrying ? DateTimeOffset.UtcNow.AddMinutes(5) : null })
                .Noting(at.AddSeconds(3), error);
    }

    private static IEnumerable<TableTransactionAction> Rows(LedgerEvent kept, string type, string key) =>
        EventIndex.RowsOf(kept)
            .Prepend(LedgerRows.Whole(kept, SampleEvents.Body(type, key), "sample"))
            .Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row));
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace PointWebhooks.Simulator.Downstream.ServiceNow;

/// <summary>A ServiceNow instance to develop against: its Table API, as far as tickets need it, with what is known to go wrong.</summary>
public sealed class SimulatedServiceNow : IDownstream
{
    private const string JournalTable = "sys_journal_field";

    private static readonly string[] JournalFields = ["sys_id", "element_id", "element", "value"];

    private readonly List<JournalEntry> journal = [];
    private readonly List<string> scripts = [];

    /// <inheritdoc/>
    public string Name => "servicenow";

    /// <summary>Who may call it.</summary>
    public ServiceNowAccess Access { get; } = new();

    /// <summary>Its tables, by name.</summary>
    public IDictionary<string, ServiceNowTable> Tables { get; } = new[]
    {
        new ServiceNowTable(
            "incident", "INC", "caller_id", "category", "subcategory", "impact", "urgency", "close_code", "close_notes", "assignment_group"),
        new ServiceNowTable("sc_req_item", "RITM", "request", "stage"),
        new ServiceNowTable("sc_task", "SCTASK", "request_item"),
    }.ToDictionary(table => table.Name);

    /// <summary>What was written to journals, oldest first.</summary>
    public IReadOnlyList<JournalEntry> Journal => [.. journal];

    /// <summary>Whether the account may read the table of the journals.</summary>
    public bool ShowsJournal { get; set; } = true;

    /// <summary>Whether a record shows its journals.</summary>
    public bool ShowsJournalInRecords { get; set; } = true;

    /// <summary>Whether a record gets the sys_id that it is inserted with.</summary>
    public bool HonoursSysId { get; set; } = true;

    /// <summary>The scripts of queries: there should be none.</summary>
    public IReadOnlyList<string> Scripts => [.. scripts];

    /// <summary>Whether the instance sleeps, as one for developers does after some days: every call is answered 200 with a page.</summary>
    public bool IsHibernating { get; set; }

    /// <summary>The records of the table <c>incident</c>.</summary>
    public IList<Dictionary<string, string>> Incidents => Tables["incident"].Records;

    /// <summary>What a journal of a record holds.</summary>
    public IReadOnlyList<string> JournalOf(Dictionary<string, string> record, string field) =>
        [.. journal.Where(entry => entry.Record == record["sys_id"] && entry.Field == field).Select(entry => entry.Text)];

    /// <inheritdoc/>
    public string StepOf(DownstreamRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["oauth_token.do"]) => "token",
        ("GET", ["api", "now", "table", JournalTable]) => "journal",
        ("GET", ["api", "now", "table", _]) => "query",
        ("GET", ["api", "now", "table", _, _]) => "get",
        ("POST", ["api", "now", "table", _]) => "insert",
        ("PATCH", ["api", "now", "table", _, _]) => "update",
        _ => "unknown",
    };

    /// <inheritdoc/>
    public DownstreamAnswer Answer(DownstreamRequest request)
    {
        if (IsHibernating)
            return new DownstreamAnswer(200, "<html><title>Instance Hibernating page</title></html>", "text/html");
        var step = StepOf(request);
        if (step == "token")
            return Access.Grant(request);
        if (!Access.Admits(request))
            return Error(401, "User Not Authenticated", "Required to provide Auth information");
        if (step == "unknown")
            return Error(400, "Requested URI does not represent any resource", null);
        if (step == "journal")
            return ReadJournal(request);
        if (!Tables.TryGetValue(request.Segments[3], out var table))
            return Error(400, $"Invalid table {request.Segments[3]}", null);
        if (step is "query" or "insert")
            return step == "query" ? Query(table, request) : Insert(table, request.Json ?? []);
        if (table.Records.FirstOrDefault(record => record["sys_id"] == request.Segments[4]) is not { } found)
            return Error(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval");
        return step == "get" ? DownstreamAnswer.Json(200, new { result = Shown(found, request) }) : Update(table, found, request);
    }

    private static DownstreamAnswer Error(int status, string message, string? detail) =>
        DownstreamAnswer.Json(status, new { error = new { message, detail }, status = "failure" });

    private DownstreamAnswer Query(ServiceNowTable table, DownstreamRequest request)
    {
        var text = request.Parameter("sysparm_query") ?? "";
        var query = EncodedQuery.Parse(text, table.Fields);
        scripts.AddRange(query.Scripts);
        var found = table.Records.Where(query.Finds).ToList();
        // The one order that is known here.
        if (text.Split('^').FirstOrDefault(part => part.StartsWith("ORDERBY", StringComparison.Ordinal)) == "ORDERBYDESCsys_updated_on")
            found = [.. found.OrderByDescending(record => record["sys_updated_on"], StringComparer.Ordinal)];
        return DownstreamAnswer.Json(200, new { result = found.Take(Limit(request)).Select(record => Shown(record, request)) }) with
        {
            Headers = new Dictionary<string, string> { ["X-Total-Count"] = found.Count.ToString(CultureInfo.InvariantCulture) },
        };
    }

    private DownstreamAnswer ReadJournal(DownstreamRequest request)
    {
        var query = EncodedQuery.Parse(request.Parameter("sysparm_query") ?? "", JournalFields.ToHashSet());
        scripts.AddRange(query.Scripts);
        // Without the role, rows are left out, and nothing says so.
        var found = journal.Where(_ => ShowsJournal).Select((entry, i) => new Dictionary<string, string>
        {
            ["sys_id"] = i.ToString("x32", CultureInfo.InvariantCulture),
            ["element_id"] = entry.Record,
            ["element"] = entry.Field,
            ["value"] = entry.Text,
        }).Where(query.Finds);
        return DownstreamAnswer.Json(200, new { result = found.Take(Limit(request)) });
    }

    private DownstreamAnswer Insert(ServiceNowTable table, JsonObject body)
    {
        var values = Texts(body);
        if (!HonoursSysId)
            values.Remove("sys_id");
        if (values.TryGetValue("sys_id", out var id) && table.Records.Any(record => record["sys_id"] == id))
            return Error(403, "Operation Failed", "Error during insert of " + table.Name + " (unique key violation detected by database)");
        if (Missing(table, values) is { } policy)
            return policy;
        var record = table.Add(values);
        Keep(record, values);
        return DownstreamAnswer.Json(201, new { result = record });
    }

    private DownstreamAnswer Update(ServiceNowTable table, Dictionary<string, string> record, DownstreamRequest request)
    {
        var values = Texts(request.Json ?? []);
        if (Missing(table, values) is { } policy)
            return policy;
        foreach (var (name, value) in values.Where(value => table.Fields.Contains(value.Key) && !ServiceNowTable.Journals.Contains(value.Key)))
            record[name] = value;
        if (values.GetValueOrDefault("state") == "7")
            record["active"] = "false";
        table.Changed(record);
        Keep(record, values);
        return DownstreamAnswer.Json(200, new { result = Shown(record, request) });
    }

    // Resolved and closed need a close code and close notes, in the same request.
    private static DownstreamAnswer? Missing(ServiceNowTable table, Dictionary<string, string> sent) =>
        table.Name == "incident" && sent.GetValueOrDefault("state") is "6" or "7"
            && (sent.GetValueOrDefault("close_code", "").Length == 0 || sent.GetValueOrDefault("close_notes", "").Length == 0)
            ? Error(403, "Operation Failed", "Data Policy Exception: The following fields are mandatory: Resolution code, Resolution notes")
            : null;

    private void Keep(Dictionary<string, string> record, Dictionary<string, string> values)
    {
        foreach (var field in ServiceNowTable.Journals.Where(field => values.GetValueOrDefault(field, "").Length > 0))
            journal.Add(new JournalEntry(record["sys_id"], field, values[field]));
    }

    private static Dictionary<string, string> Texts(JsonObject body) =>
        body.ToDictionary(field => field.Key, field => field.Value?.ToString() ?? "");

    private static int Limit(DownstreamRequest request) =>
        int.TryParse(request.Parameter("sysparm_limit"), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : 10000;

    // A field that was asked for and is none of the table is not in the answer. A journal has no value, and is shown with all its entries.
    private Dictionary<string, object> Shown(Dictionary<string, string> record, DownstreamRequest request)
    {
        var asked = request.Parameter("sysparm_fields")?.Split(',');
        var display = request.Parameter("sysparm_display_value");
        return record.Select(field => (Name: field.Key, field.Value, Display: field.Value))
            .Concat(ServiceNowTable.Journals.Select(field => (Name: field, Value: "", Display: JournalText(record, field))))
            .Where(field => asked is null || asked.Contains(field.Name))
            .ToDictionary(field => field.Name, field => display switch
            {
                "all" => new { display_value = field.Display, value = field.Value },
                "true" => (object)field.Display,
                _ => field.Value,
            });
    }

    private string JournalText(Dictionary<string, string> record, string field) => ShowsJournalInRecords
        ? string.Concat(JournalOf(record, field).Reverse().Select(text => $"2026-05-01 12:00:00 - Point ({field})\n{text}\n\n"))
        : "";
}

using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Reads section <c>Handlers:ServiceNow:{Name}</c>.</summary>
internal static partial class ServiceNowOptionsReader
{
    private const string Incident = "incident";
    private const string Resolved = "{% if type == 'ProvisioningCompleted' %}6{% endif %}";
    private const string CloseCode = "{% if type == 'ProvisioningCompleted' %}Solution provided{% endif %}";
    private const string CloseNotes = "{% if type == 'ProvisioningCompleted' %}" + DefaultTexts.Text + "{% endif %}";

    public static ConfiguredHandler Read(HandlerSection section)
    {
        var table = section.Text("Table") ?? Incident;
        if (!NamePattern().IsMatch(table))
            section.Fail("Table", $"is {SettingsReader.Quoted(table)}. Set it to the name of a table, such as incident or sc_req_item.");
        var isIncident = table == Incident;
        var scope = isIncident
            ? section.Scope(EventTypes.ProvisioningFailed, EventTypes.ProvisioningCompleted)
            : section.Scope(EventTypes.ProvisioningStarted, EventTypes.ProvisioningCompleted, EventTypes.ProvisioningFailed);
        var connection = ServiceNowConnectionReader.Read(section);
        var options = new ServiceNowOptions(
            section.Handler,
            connection,
            table,
            ReadQuery(section, scope),
            ClosedStates(section, table),
            ReadUpdate(section, scope, isIncident),
            section.CreatingTypes(scope, isIncident ? [EventTypes.ProvisioningFailed] : []),
            ReadCreation(section, scope));
        var accessToken = connection.Authorization is null ? new AccessToken(connection.Ask) : null;
        var turns = new WorkspaceTurns();
        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            var downstream = Downstream.Of(services, section.Handler, "ServiceNow", connection.Secrets);
            return new ServiceNowHandler(
                options,
                new ServiceNowClient(connection, accessToken, downstream, time),
                turns,
                services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl);
        })
        {
            AddServices = services => services.AddHandlerHttpClient(section.Handler),
        };
    }

    private static QueryTemplate? ReadQuery(HandlerSection section, HandlerScope scope)
    {
        const string Default = "correlation_id={{ workspaceId }}";
        var query = section.Query("Query", scope, Default);
        if (query is not null && EncodedQuery.Problem(section.Text("Query") ?? Default) is { } problem)
            section.Fail("Query", problem);
        return query;
    }

    private static IReadOnlyList<string> ClosedStates(HandlerSection section, string table)
    {
        const string None = "none";
        var states = section.List("ClosedStates");
        foreach (var wrong in states.Where(state => state.Text != None && !NamePattern().IsMatch(state.Text)))
            section.Fail("ClosedStates", $"has {SettingsReader.Quoted(wrong.Text)}. Set it to values of the field state, such as 6,7,8, or to none.");
        return states.Any(state => state.Text == None) ? []
            : states.Count > 0 ? [.. states.Select(state => state.Text)]
            : table switch
            {
                Incident => ["6", "7", "8"],
                "sc_req_item" or "sc_task" => ["3", "4", "7"],
                _ => [],
            };
    }

    private static Dictionary<string, EventTemplate> ReadUpdate(HandlerSection section, HandlerScope scope, bool isIncident)
    {
        var update = Fields(section, "Update:Fields", scope);
        Add("work_notes", "Update:WorkNotes", DefaultTexts.Text);
        Add("comments", "Update:Comments", null);
        Add("state", "Update:State", isIncident ? Resolved : null);
        Add("close_code", "Update:CloseCode", isIncident ? CloseCode : null);
        Add("close_notes", "Update:CloseNotes", isIncident ? CloseNotes : null);
        if (isIncident && !IsComplete(update, scope))
        {
            section.Fail(
                "Update:State",
                "is 6 or 7 for an event for which Update:CloseCode or Update:CloseNotes is empty. ServiceNow refuses to resolve or close an incident without both.");
        }

        return update;

        void Add(string field, string setting, string? otherwise)
        {
            if (section.Template(setting, scope, otherwise) is not { } template)
                return;
            if (!update.TryAdd(field, template))
                section.Fail($"Update:Fields:{field}", $"is set, and so is {setting}, or its default. Remove it, and use {setting}.");
        }
    }

    private static bool IsComplete(Dictionary<string, EventTemplate> update, HandlerScope scope)
    {
        return TemplateSamples.TypesOf(scope.EventTypes).All(type =>
            Value("state", type) is not ("6" or "7") || (Value("close_code", type).Length > 0 && Value("close_notes", type).Length > 0));

        string Value(string field, string type) => update.GetValueOrDefault(field)?.Render(TemplateSamples.Model(type)) ?? "";
    }

    private static Dictionary<string, EventTemplate> ReadCreation(HandlerSection section, HandlerScope scope)
    {
        var created = Fields(section, "Create:Fields", scope);
        // One that is there and empty is left out.
        var named = section.Children("Create:Fields").ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!named.Contains("short_description"))
            created.Add("short_description", EventTemplate.Of(DefaultTexts.Title));
        if (!named.Contains("description"))
            created.Add("description", EventTemplate.Of(DefaultTexts.Text));
        return created;
    }

    private static Dictionary<string, EventTemplate> Fields(HandlerSection section, string setting, HandlerScope scope)
    {
        foreach (var wrong in section.Children(setting).Where(name => !NamePattern().IsMatch(name) || name == "sys_id"))
            section.Fail($"{setting}:{wrong}", "is not the name of a field that can be set, such as category.");
        return section.Templates(setting, scope).ToDictionary();
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]+\z")]
    private static partial Regex NamePattern();
}

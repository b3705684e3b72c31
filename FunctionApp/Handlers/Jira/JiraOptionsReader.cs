using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Jira;

/// <summary>Reads section <c>Handlers:Jira:{Name}</c>.</summary>
internal static class JiraOptionsReader
{
    private const string Labels = "labels";
    private const string DefaultKey = "{{ url | last_segment }}";

    // What a ticket that was opened is known by is among these.
    private static readonly IReadOnlyDictionary<string, string> OwnSettings = new Dictionary<string, string>
    {
        ["project"] = "Project",
        ["issuetype"] = "IssueType",
        ["summary"] = "Summary",
        ["description"] = "Description",
        [Labels] = "Labels",
    };

    public static ConfiguredHandler Read(HandlerSection section)
    {
        var scope = section.Scope(EventTypes.ProvisioningStarted, EventTypes.ProvisioningCompleted, EventTypes.ProvisioningFailed);
        var connection = JiraConnectionReader.Read(section);
        var options = new JiraOptions(
            section.Handler,
            connection,
            ReadSearch(section, scope),
            new JiraUpdate(
                section.Template("Update:Comment", scope, Text(connection)),
                section.Flag("Update:PublicComment", otherwise: false),
                section.Template("Update:Transition", scope, null),
                UpdateFields(section, "Update:TransitionFields", scope),
                UpdateFields(section, "Update:Fields", scope)),
            ReadCreation(section, scope, connection));
        var accessToken = connection.ServiceAccount is { } account ? new AccessToken(account.Ask) : null;
        return new ConfiguredHandler(section.Handler, section.Kind, scope, section.Limits(), services =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            var downstream = Downstream.Of(services, section.Handler, "Jira", connection.Secrets);
            return new JiraHandler(
                options,
                new JiraClient(connection, accessToken, downstream, time),
                time,
                services.GetRequiredService<IOptions<PointOptions>>().Value.BaseUrl);
        })
        {
            AddServices = services => services.AddHandlerHttpClient(section.Handler),
        };
    }

    private static string Text(JiraConnection connection) => connection.ApiVersion == 2 ? JiraTexts.Wiki : DefaultTexts.Text;

    private static JiraSearch ReadSearch(HandlerSection section, HandlerScope scope)
    {
        var projects = section.List("Projects");
        foreach (var project in projects.Where(project => !IssueKey.IsProject(project.Text.ToUpperInvariant())))
            section.Fail("Projects", $"has {SettingsReader.Quoted(project.Text)}, which is no key of a project, such as ITSM.");
        return new JiraSearch(
            section.Template("IssueKey", scope, DefaultKey),
            [.. projects.Select(project => project.Text)],
            section.Query("Jql", scope, null),
            TimeSpan.FromSeconds(section.Number("SearchLagSeconds", 0, 3600, 300, "how many seconds a search may be behind, a number")));
    }

    private static JiraCreation? ReadCreation(HandlerSection section, HandlerScope scope, JiraConnection connection)
    {
        var isAsked = section.Children("Create").Count > 0;
        var types = section.CreatingTypes(scope, EventTypes.ProvisioningFailed);
        var (project, type) = (section.Text("Create:Project"), section.Text("Create:IssueType"));
        var summary = section.Template("Create:Summary", scope, DefaultTexts.Title);
        var description = section.Template("Create:Description", scope, Text(connection));
        var labels = section.Template("Create:Labels", scope, null);
        var fields = Fields(section, "Create:Fields", scope);
        foreach (var (name, setting) in OwnSettings.Where(own => fields.ContainsKey(own.Key)))
            section.Fail($"Create:Fields:{name}", $"has a setting of its own, without which a repetition would not find the ticket. Set Create:{setting} instead.");
        if (!isAsked)
            return null;

        if (project is null)
            section.Fail("Create:Project", "is missing. Set it to the key of the project to open tickets in, such as ITSM, or remove all of Create.");
        if (type is null)
            section.Fail("Create:IssueType", "is missing. Set it to the name of an issue type of the project, such as Task.");
        if (project is not null && !IssueKey.IsProject(project))
            section.Fail("Create:Project", $"is {SettingsReader.Quoted(project)}. Set it to the key of a project, such as ITSM, not to its name.");
        if (summary is null)
            section.Fail("Create:Summary", "is empty, and Jira takes no issue without a summary. Set it, or remove it for the default.");
        return new JiraCreation(
            types,
            project ?? "",
            type ?? "",
            summary ?? EventTemplate.Of(DefaultTexts.Title),
            description,
            labels,
            fields);
    }

    private static Dictionary<string, JiraField> UpdateFields(HandlerSection section, string setting, HandlerScope scope)
    {
        var fields = Fields(section, setting, scope);
        if (fields.ContainsKey(Labels))
        {
            section.Fail(
                $"{setting}:{Labels}",
                "would take all other labels off the ticket, and with them what a ticket that was opened here is known by. Remove it.");
        }

        return fields;
    }

    private static Dictionary<string, JiraField> Fields(HandlerSection section, string setting, HandlerScope scope)
    {
        var fields = new Dictionary<string, JiraField>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in section.Children(setting))
        {
            if (section.TemplateText($"{setting}:{name}", scope, null) is not { } text)
                continue;
            if (JiraField.Parse(text) is { } field)
                fields[name] = field;
            else
                section.Fail($"{setting}:{name}", "looks like JSON and is none, or has {% … %} in it. Write it as {\"name\":\"High\"}, [\"a\",\"{{ name }}\"] or a text.");
        }

        return fields;
    }
}

using PointWebhooks.Events;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Configuration;

/// <summary>
/// The section of one handler, <c>Handlers:{Kind}:{Name}</c>. Settings are named relative to it, and every failure names the whole
/// setting. What nobody has read in the end is an error: a mistyped name would silently do nothing.
/// </summary>
internal sealed class HandlerSection(SettingsReader settings, string kind, string name)
{
    private readonly SortedSet<string> known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The name in ledger, metrics, pages and log, such as <c>jira-it</c>.</summary>
    public string Handler { get; } = $"{kind}-{name}".ToLowerInvariant();

    public string Kind => kind;

    /// <summary>The settings that were asked for so far, without those below them.</summary>
    public IReadOnlyCollection<string> Known => known;

    /// <summary>The whole name of a setting.</summary>
    public string Setting(string setting)
    {
        known.Add(setting.Split(':')[0]);
        return $"{ConfiguredHandlers.Section}:{kind}:{name}:{setting}";
    }

    public void Fail(string setting, string problem) => settings.Fail(Setting(setting), problem);

    public void Warn(string setting, string problem) => settings.Warn(Setting(setting), problem);

    /// <summary>A value, cleaned; null when it is left out or there is nothing in it.</summary>
    public string? Text(string setting) => settings.Text(Setting(setting)) is { Length: > 0 } text ? text : null;

    /// <summary>A value that has to be there; empty when it is not.</summary>
    /// <param name="whatToPut">Such as <c>Set it to the key of the project.</c></param>
    public string Required(string setting, string whatToPut) => Text(setting) ?? Missing(setting, whatToPut);

    /// <summary>A value that is one word and may be a secret, which is never repeated; null when it is left out or empty.</summary>
    public string? Word(string setting) => settings.Word(Setting(setting)) is { Length: > 0 } word ? word : null;

    /// <summary>A secret that somebody has thought up, whatever is in it; null when it is left out or empty.</summary>
    public string? Password(string setting) => settings.Password(Setting(setting)) is { Length: > 0 } password ? password : null;

    /// <summary>A GUID, whatever its dashes and braces; null when it is left out or empty.</summary>
    /// <param name="otherwise">What is said when it is not one.</param>
    public string? Id(string setting, string otherwise) => settings.Id(Setting(setting), otherwise);

    /// <summary>A secret that has to be there; empty when it is not.</summary>
    public string RequiredWord(string setting, string whatToPut) => Word(setting) ?? Missing(setting, whatToPut);

    /// <summary>An address that has to be there, over https, or http to this machine; null when it is not right.</summary>
    /// <param name="whatToPut">Such as <c>Set it to the address of the site, such as https://contoso.atlassian.net.</c></param>
    public Uri? RequiredUrl(string setting, string whatToPut)
    {
        var text = Required(setting, whatToPut);
        return settings.Url(
            Setting(setting), text, $"is not an absolute https url. {whatToPut} http is accepted for a loopback address only.");
    }

    /// <summary>An address, or null when it is left out or not right.</summary>
    public Uri? Url(string setting, string whatToPut) => settings.Url(
        Setting(setting),
        Text(setting),
        $"is not an absolute https url. {whatToPut} http is accepted for a loopback address only.");

    public bool Flag(string setting, bool otherwise) => settings.Flag(Setting(setting), otherwise);

    public int Number(string setting, int least, int most, int otherwise, string what) =>
        settings.Number(Setting(setting), least, most, otherwise, what);

    /// <summary>The entries of a list, as docs/settings.md describes lists.</summary>
    public IReadOnlyList<SettingEntry> List(string setting) => settings.List(Setting(setting));

    /// <summary>The names under a setting, such as those of fields under <c>Fields</c>.</summary>
    public IReadOnlyList<string> Children(string setting) => settings.Children(Setting(setting));

    /// <summary>One of some words, in any case; the first when it is left out.</summary>
    public string Choice(string setting, params IReadOnlyList<string> choices)
    {
        var text = Text(setting) ?? choices[0];
        if (choices.FirstOrDefault(choice => choice.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } chosen)
            return chosen;

        Fail(setting, $"is {SettingsReader.Quoted(text)}. Set it to {string.Join(" or ", choices)}; {choices[0]} is the default.");
        return choices[0];
    }

    /// <summary><c>EventTypes</c> and <c>WorkspaceKinds</c>.</summary>
    /// <param name="defaultTypes">The types when <c>EventTypes</c> is left out; <c>*</c> for all.</param>
    public HandlerScope Scope(params IReadOnlyList<string> defaultTypes)
    {
        var types = EventTypes("EventTypes");
        var kinds = List("WorkspaceKinds").Select(entry => WorkspaceKind.Parse(entry.Text)).Distinct().ToList();
        foreach (var unknown in kinds.Where(one => !one.IsKnown))
        {
            Warn(
                "WorkspaceKinds",
                $"has {SettingsReader.Quoted(unknown.Value)}, which is no kind of workspace that Syskit Point documents.");
        }

        return new HandlerScope(types.Count > 0 ? types : defaultTypes, kinds);
    }

    /// <summary><c>Concurrency</c>.</summary>
    public HandlerLimits Limits() => new(
        Number("Concurrency", 1, 100, HandlerLimits.DefaultConcurrency, "how many events are handled at once, a number"));

    /// <summary>A list of event types beside that of the scope; empty when it is left out.</summary>
    public IReadOnlyList<string> EventTypes(string setting) => EventTypeList.Read(settings, Setting(setting));

    /// <summary>The types of events that open something, of which the handler has to get one when anything is set below <c>Create</c>.</summary>
    /// <param name="otherwise">The types when <c>Create:EventTypes</c> is left out.</param>
    public IReadOnlyList<string> CreatingTypes(HandlerScope scope, params IReadOnlyList<string> otherwise)
    {
        const string Name = "Create:EventTypes";
        var types = EventTypes(Name) is { Count: > 0 } given ? given : otherwise;
        if (Children("Create").Count == 0)
            return types;
        if (types.Count == 0)
            Fail(Name, "is missing. Set it to the types of events that open something, such as ProvisioningFailed, or remove all of Create.");
        else if (!types.Any(type => type == EventTypeList.All || EventTypeList.Has(scope.EventTypes, type)))
            Fail(Name, $"has {string.Join(", ", types)}, of which EventTypes lets none in: nothing would ever be opened. Correct either, or remove all of Create.");
        return types;
    }

    /// <summary>A template, checked by rendering it for a sample of each type in the scope.</summary>
    /// <param name="otherwise">The template when it is left out; null for none.</param>
    /// <returns>Null when there is none, or it is not right.</returns>
    public EventTemplate? Template(string setting, HandlerScope scope, string? otherwise) =>
        TemplateText(setting, scope, otherwise) is { } text ? EventTemplate.Of(text) : null;

    /// <summary>A template of a query, checked likewise.</summary>
    public QueryTemplate? Query(string setting, HandlerScope scope, string? otherwise)
    {
        if (TemplateText(setting, scope, otherwise) is not { } text)
            return null;
        var query = QueryTemplate.Parse(text);
        if (query is null)
            Fail(setting, "has {% … %} in it. A query takes {{ … }} alone, so that what an event holds can be told from the query itself.");
        return query;
    }

    /// <summary>The text of a template, checked likewise, for whoever takes it apart.</summary>
    public string? TemplateText(string setting, HandlerScope scope, string? otherwise)
    {
        var isSet = settings.Text(Setting(setting)) is not null;
        // Set and empty means none, which is how a default is turned off.
        if ((isSet ? Text(setting) : otherwise) is not { } text)
            return null;

        var (template, problem, warning) = CheckedTemplate.Of(text, scope.EventTypes);
        if (problem is not null)
            Fail(setting, problem);
        if (warning is not null)
            Warn(setting, warning);
        return template is null ? null : text;
    }

    /// <summary>Templates by name, such as those of fields: <c>Fields:customfield_10010</c>.</summary>
    public IReadOnlyDictionary<string, EventTemplate> Templates(string setting, HandlerScope scope) => Children(setting)
        .Select(child => (Name: child, Template: Template($"{setting}:{child}", scope, null)))
        .Where(child => child.Template is not null)
        .ToDictionary(child => child.Name, child => child.Template!);

    /// <summary>Says what is set and was not read.</summary>
    public void FailUnread() => settings.FailUnread(
        $"{ConfiguredHandlers.Section}:{kind}:{name}",
        $"is no setting of a handler of kind {kind}, and would do nothing. There are {string.Join(", ", known)}.");

    private string Missing(string setting, string whatToPut)
    {
        Fail(setting, $"is missing. {whatToPut}");
        return "";
    }
}

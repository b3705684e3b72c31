using System.Text.RegularExpressions;
using PointWebhooks.Handlers.EventGrid;
using PointWebhooks.Handlers.Http;
using PointWebhooks.Handlers.Jira;
using PointWebhooks.Handlers.ServiceBus;
using PointWebhooks.Handlers.ServiceNow;
using PointWebhooks.Handlers.Teams;
using PointWebhooks.Settings;

namespace PointWebhooks.Handlers.Configuration;

/// <summary>
/// Reads section <c>Handlers</c>: <c>Handlers:{Kind}:{Name}:…</c>, any number of each kind. What is not there does not exist; what is
/// there has to be complete.
/// </summary>
internal static partial class ConfiguredHandlers
{
    /// <summary>The section's name.</summary>
    public const string Section = "Handlers";

    /// <summary>The kinds, each with what reads its section: what one kind needs is not loaded for another.</summary>
    public static readonly IReadOnlyDictionary<string, Func<HandlerSection, ConfiguredHandler>> Kinds =
        new Dictionary<string, Func<HandlerSection, ConfiguredHandler>>(StringComparer.OrdinalIgnoreCase)
        {
            ["Jira"] = JiraOptionsReader.Read,
            ["ServiceNow"] = ServiceNowOptionsReader.Read,
            ["Teams"] = TeamsOptions.Read,
            ["Http"] = HttpTargetOptions.Read,
            ["EventGrid"] = EventGridOptions.Read,
            ["ServiceBus"] = ServiceBusOptions.Read,
        };

    /// <summary>Reads all of them, and says what is wrong.</summary>
    public static IReadOnlyList<ConfiguredHandler> Read(SettingsReader settings) =>
        [.. settings.Children(Section).SelectMany(kind => Read(settings, kind))];

    private static List<ConfiguredHandler> Read(SettingsReader settings, string kind)
    {
        var path = $"{Section}:{kind}";
        var handlers = new List<ConfiguredHandler>();
        if (!Kinds.TryGetValue(kind, out var read))
        {
            settings.Fail(path, $"is no kind of handler. There are {string.Join(", ", Kinds.Keys)}.");
            return handlers;
        }

        if (settings.IsValue(path))
            settings.Fail(path, $"is a value. Give the handler a name and write {path}:name:… for each of its settings.");
        foreach (var name in settings.Children(path))
        {
            var handler = $"{path}:{name}";
            if (settings.IsValue(handler))
                settings.Fail(handler, $"names no handler. Give the handler a name and write {path}:name:{name}.");
            else if (!NamePattern().IsMatch(name))
                settings.Fail(handler, "is not a name. Use up to 40 letters, digits and dashes, and begin with a letter or a digit.");
            else
                handlers.Add(Read(settings, kind, name, read));
        }

        return handlers;
    }

    private static ConfiguredHandler Read(
        SettingsReader settings, string kind, string name, Func<HandlerSection, ConfiguredHandler> read)
    {
        var section = new HandlerSection(settings, Kinds.Keys.First(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase)), name);
        var handler = read(section);
        section.FailUnread();
        return handler;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9-]{0,39}\z")]
    private static partial Regex NamePattern();
}

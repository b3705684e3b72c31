using PointWebhooks.Events;

namespace PointWebhooks.Settings;

/// <summary>Reads a list of event types.</summary>
internal static class EventTypeList
{
    /// <summary>The entry that means all types.</summary>
    public const string All = "*";

    /// <summary>Whether a list, which may be <see cref="All"/> alone, has a type.</summary>
    public static bool Has(IReadOnlyList<string> types, string type) =>
        types.Contains(All) || types.Contains(type, StringComparer.OrdinalIgnoreCase);

    /// <summary>The types in their documented spelling, each once, or <see cref="All"/> alone; empty when the setting is left out.</summary>
    public static IReadOnlyList<string> Read(SettingsReader settings, string setting)
    {
        var types = new List<string>();
        foreach (var (entry, text) in settings.List(setting))
        {
            var type = EventTypes.Canonical(text);
            var quoted = SettingsReader.Quoted(type);
            if (SettingText.HasBlankOrQuote(type) || type.AsSpan().ContainsAny("[]{}"))
                settings.Fail(entry, $"is {quoted}. Set it to * for all events, or to one type, such as ProvisioningCompleted.");
            else if (type != All && type != EventTypes.Unreadable && !EventTypes.IsDocumented(type))
                settings.Warn(entry, $"is {quoted}, which is no type that Syskit Point documents.");
            if (!types.Contains(type))
                types.Add(type);
        }

        return types.Contains(All) ? [All] : types;
    }
}

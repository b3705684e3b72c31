using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.Settings;

/// <summary>
/// Reads settings as people write them, and collects what is wrong with them. What has one meaning is taken as meant; nothing is
/// dropped, as the binder of .NET drops entries of a list that it cannot convert.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const int LongestQuoted = 40;

    private readonly Dictionary<string, string> failures = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> read = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> warnings = [];

    /// <summary>What may be meant as it is and probably is not.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>A value, cleaned; null when it is not set, empty when it is and there is nothing in it.</summary>
    public string? Text(string setting)
    {
        read.Add(setting);
        if (configuration[setting] is not { } value)
            return null;

        var text = SettingText.Clean(value);
        RefuseUnresolved(setting, text);
        return text;
    }

    /// <summary>
    /// A value that the Functions host or a client library reads as well: they take it as it stands, so there is nothing to clean.
    /// </summary>
    public string? TextOfHost(string setting)
    {
        var text = Text(setting);
        if (text != configuration[setting])
            Fail(setting, "has blanks, a line break or quotes around it, which the Functions host would not take off. Remove them.");
        return text;
    }

    /// <summary>A value that is one word: a key, a secret, a token.</summary>
    public string? Word(string setting)
    {
        var text = Text(setting);
        if (text is not null && SettingText.HasBlankOrQuote(text))
        {
            Fail(
                setting,
                "has a blank, a line break, a quote or a backslash in it. "
                + "Set it to the value alone, as it was copied from its source.");
        }

        return text;
    }

    /// <summary>A secret that somebody has thought up: as it stands, but for blanks and line breaks around it, which a shell or a file adds.</summary>
    public string? Password(string setting)
    {
        read.Add(setting);
        if (configuration[setting] is not { } value)
            return null;

        var text = SettingText.Trimmed(value);
        RefuseUnresolved(setting, text);
        if (text.Any(char.IsControl))
            Fail(setting, "has a line break or another control character in it. Set it to the value alone.");
        return text;
    }

    /// <summary>A whole number in a range; the default when the setting is left out or empty.</summary>
    public int Number(string setting, int least, int most, int otherwise, string what)
    {
        if (Text(setting) is not { Length: > 0 } text)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;

        Fail(setting, $"is {Quoted(text)}. Set it to {what} from {least} to {most}; {otherwise} is the default.");
        return otherwise;
    }

    /// <summary>True or false; the default when the setting is left out or empty.</summary>
    public bool Flag(string setting, bool otherwise)
    {
        if (Text(setting) is not { Length: > 0 } text)
            return otherwise;
        if (bool.TryParse(text, out var flag))
            return flag;

        Fail(setting, $"is {Quoted(text)}. Set it to true or false; {(otherwise ? "true" : "false")} is the default.");
        return otherwise;
    }

    /// <summary>A GUID, whatever its dashes and braces; null when the setting is left out or empty.</summary>
    /// <param name="otherwise">What is said when it is not one.</param>
    public string? Id(string setting, string otherwise)
    {
        if (Text(setting) is not { Length: > 0 } text)
            return null;
        if (Guid.TryParse(text, out var id))
            return id.ToString();

        Fail(setting, otherwise);
        return text;
    }

    /// <summary>A GUID that a client library or the Functions host reads as well, and takes as it stands; null when it is left out or empty.</summary>
    /// <param name="otherwise">What is said when it is not one.</param>
    public string? IdOfHost(string setting, string otherwise)
    {
        if (TextOfHost(setting) is not { Length: > 0 } text)
            return null;
        if (!Guid.TryParseExact(text, "D", out _))
            Fail(setting, otherwise);
        return text;
    }

    /// <summary>An absolute url over https, or over http to this machine; null when the setting is left out, empty or wrong.</summary>
    /// <param name="text">The url as it is set.</param>
    /// <param name="otherwise">What is said when it is not one.</param>
    public Uri? Url(string setting, string? text, string otherwise)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (!SettingText.HasBlankOrQuote(text)
            && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            return url;
        }

        Fail(setting, otherwise);
        return null;
    }

    /// <summary>
    /// The entries of a list: one setting for each (<c>:0</c>, <c>:1</c> and so on), or one text (<see cref="SettingText.Entries"/>),
    /// which may also stand in <c>:0</c>. Empty when it is left out.
    /// </summary>
    public IReadOnlyList<SettingEntry> List(string setting)
    {
        var text = Text(setting);
        var items = configuration.GetSection(setting).GetChildren().ToList();
        if (!string.IsNullOrEmpty(text) && items.Count > 0)
            Fail(setting, $"is set twice, as one text and as {items[0].Path}. Remove one of them.");
        if (!string.IsNullOrEmpty(text))
            return [.. Entries(setting, text).Select((entry, i) => new SettingEntry($"{setting}:{i}", entry))];

        foreach (var item in items.Where(item => !int.TryParse(item.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            Fail(item.Path, $"is not an entry of a list. Entries are named {setting}:0, {setting}:1 and so on.");
        return [.. items.SelectMany(item => Entries(item.Path, Text(item.Path)).Select(entry => new SettingEntry(item.Path, entry)))];
    }

    /// <summary>Says that a setting is wrong. What is said of it first stands.</summary>
    public void Fail(string setting, string problem) => failures.TryAdd(setting, $"{setting} {problem}");

    /// <summary>Says that a setting may be wrong.</summary>
    public void Warn(string setting, string problem) => warnings.Add($"{setting} {problem}");

    /// <summary>Warns of what is set in a section and was not read: most likely a mistyped name.</summary>
    public void WarnOfUnread(string section)
    {
        foreach (var setting in configuration.GetSection(section).GetChildren().Where(setting => !read.Contains(setting.Path)))
            Warn(setting.Path, "is no setting of this app, and does nothing. Correct its name, or remove it.");
    }

    /// <summary>The names under a section, in their order.</summary>
    public IReadOnlyList<string> Children(string section) => [.. configuration.GetSection(section).GetChildren().Select(child => child.Key)];

    /// <summary>Whether a setting has a value of its own, be it empty, rather than settings under it.</summary>
    public bool IsValue(string setting) => configuration[setting] is not null;

    /// <summary>Fails for what is set anywhere in a section and was not read: a mistyped name, which would silently do nothing.</summary>
    public void FailUnread(string section, string problem)
    {
        foreach (var setting in configuration.GetSection(section).GetChildren())
        {
            if (setting.Value is not null && !read.Contains(setting.Path))
                Fail(setting.Path, problem);
            FailUnread(setting.Path, problem);
        }
    }

    /// <summary>Fails with all that is wrong.</summary>
    /// <exception cref="SettingsException">Something is.</exception>
    public void ThrowIfAnyFailed()
    {
        if (failures.Count > 0)
            throw new SettingsException([.. failures.Values]);
    }

    /// <summary>A value that is no secret, to be shown in a message.</summary>
    public static string Quoted(string text) =>
        $"'{string.Concat(text.Take(LongestQuoted).Select(c => char.IsControl(c) ? ' ' : c))}{(text.Length > LongestQuoted ? "…" : "")}'";

    private IReadOnlyList<string> Entries(string setting, string? text)
    {
        var entries = SettingText.Entries(text ?? "");
        if (entries.Count == 0)
            Fail(setting, "is an empty entry of a list. Set it to something, or remove it.");
        return entries;
    }

    private void RefuseUnresolved(string setting, string text)
    {
        if (text.StartsWith("@Microsoft.", StringComparison.OrdinalIgnoreCase))
        {
            Fail(
                setting,
                "is a Key Vault reference that was not resolved. "
                + "Check that the app's identity has the role Key Vault Secrets User, and the name of the secret.");
        }
    }
}

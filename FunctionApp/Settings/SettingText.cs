namespace PointWebhooks.Settings;

/// <summary>What people, shells, yaml files, key vaults and portals put around a value.</summary>
internal static class SettingText
{
    /// <summary>A value without the blanks, line breaks, byte order mark and pair of quotes around it.</summary>
    public static string Clean(string value)
    {
        var text = Trimmed(value);
        return text is [('"' or '\'') and var quote, .. var inner, var last] && last == quote && !inner.Contains(quote)
            ? Clean(inner)
            : text;
    }

    /// <summary>A value without the blanks, line breaks and byte order mark around it.</summary>
    public static string Trimmed(string value)
    {
        var start = 0;
        var end = value.Length;
        while (start < end && IsNothing(value[start]))
            start++;
        while (end > start && IsNothing(value[end - 1]))
            end--;
        return value[start..end];
    }

    /// <summary>
    /// The entries of a list in one text: with commas, semicolons or line breaks between them, in brackets or not, each in quotes
    /// or not, as App Service (<c>["a","b"]</c>), yaml files and people write it.
    /// </summary>
    public static IReadOnlyList<string> Entries(string value)
    {
        var text = Clean(value);
        var inner = text is ['[', .. var listed, ']'] ? listed : text;
        return [.. inner.Split(',', ';', '\n', '\r').Select(Clean).Where(entry => entry.Length > 0)];
    }

    /// <summary>Whether a text has anything in it that no address, id or key has.</summary>
    public static bool HasBlankOrQuote(string text) => text.Any(c => IsNothing(c) || c is '"' or '\'' or '<' or '>' or '\\');

    private static bool IsNothing(char c) => char.IsWhiteSpace(c) || char.IsControl(c) || c is '\ufeff' or '\u200b';
}

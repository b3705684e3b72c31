using System.Text.RegularExpressions;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>
/// An encoded query that finds the record of an event: conditions that all hold. There is no escape in that language, so what an event holds
/// is refused where it could mean something; and since a condition on a field that a table does not have is dropped without a word, and then
/// every record comes back, each record is checked once more.
/// </summary>
/// <param name="Text">The query as it is sent.</param>
/// <param name="Fields">The fields of all conditions, which each record has to have.</param>
/// <param name="Equalities">The fields that are compared, and the values that they have to have.</param>
internal sealed partial record EncodedQuery(
    string Text, IReadOnlyList<string> Fields, IReadOnlyList<KeyValuePair<string, string>> Equalities)
{
    private const string ScriptPrefix = "javascript:";

    // In place of what an event gives.
    private const char Output = '\u0001';

    /// <summary>What is wrong with the text of a template; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        var conditions = QueryTemplate.Outputs().Replace(template, Output.ToString()).Split('^');
        return conditions.Any(condition => condition.StartsWith("OR", StringComparison.Ordinal) && !condition.StartsWith("ORDERBY", StringComparison.Ordinal))
            || conditions.Any(condition => condition.StartsWith("NQ", StringComparison.Ordinal) || condition.StartsWith("RLQUERY", StringComparison.Ordinal))
                ? "has ^OR, ^NQ or ^RLQUERY in it. Write conditions that all have to hold, with ^ between them, so that each record can be checked."
            : conditions.Any(condition => condition.Contains(ScriptPrefix, StringComparison.OrdinalIgnoreCase))
                ? "has javascript: in it, which the server would run. Remove it."
            : !conditions.Any(condition => Equality().Match(condition) is { Success: true } match && match.Groups["value"].Value.Contains(Output))
                ? "compares no field with a value of the event, and would find any record. Write a condition such as correlation_id={{ workspaceId }}."
            : null;
    }

    /// <summary>The query of an event; null when the event does not have one of the values.</summary>
    /// <exception cref="PermanentFailureException">The event holds what could mean something in the query.</exception>
    public static EncodedQuery? Build(IReadOnlyList<QueryPart> parts)
    {
        // A value that is empty would match every record whose field is.
        if (parts.Any(part => part is { IsValue: true, Text.Length: 0 }))
            return null;
        if (parts.Any(part => part.IsValue && IsUnfit(part.Text)))
            throw new PermanentFailureException("The event holds a ^, a line break or javascript: where the query has a value: it was not sent.");

        var text = string.Concat(parts.Select(part => part.Text)).Trim();
        var conditions = text.Split('^');
        var fields = conditions.Select(condition => Field().Match(condition).Value).Where(field => field.Length > 0).Distinct().ToList();
        var equalities = conditions.Select(condition => Equality().Match(condition)).Where(match => match.Success)
            .Select(match => KeyValuePair.Create(match.Groups["field"].Value, match.Groups["value"].Value)).ToList();
        return equalities.Exists(equality => equality.Value.Length == 0 || IsUnfit(equality.Value))
            ? null
            : new EncodedQuery(text, fields, equalities);
    }

    /// <summary>Why a record is not what was asked for; null when it is.</summary>
    public string? WhyNot(ServiceNowRecord record)
    {
        if (Fields.FirstOrDefault(field => record.Value(field) is null) is { } unknown)
            return $"has no field {unknown}, or does not show it to this account, and ignores conditions on it";
        return Equalities.Where(one => !record.Value(one.Key)!.Equals(one.Value, StringComparison.OrdinalIgnoreCase))
            .Select(one => $"answered with a record whose {one.Key} is another one").FirstOrDefault();
    }

    private static bool IsUnfit(string value) =>
        value.Contains('^') || value.Any(char.IsControl) || value.TrimStart().StartsWith(ScriptPrefix, StringComparison.OrdinalIgnoreCase);

    // Names of fields are in small letters, operators in capitals.
    [GeneratedRegex(@"^[a-z][a-z0-9_.]*")]
    private static partial Regex Field();

    // A name in small letters, and an equals sign right after it: no other operator begins so.
    [GeneratedRegex(@"^(?<field>[a-z][a-z0-9_.]*)=(?<value>.*)\z", RegexOptions.Singleline)]
    private static partial Regex Equality();
}

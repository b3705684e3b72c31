using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PointWebhooks.Simulator.Downstream.Jira;

/// <summary>A query in the part of JQL that is simulated: clauses with AND and OR, and an order that is not heeded.</summary>
/// <param name="Alternatives">Clauses that hold together, of which one group must hold.</param>
internal sealed partial record Jql(IReadOnlyList<IReadOnlyList<Jql.Clause>> Alternatives)
{
    private static readonly string[] TextFields = ["summary", "description", "text"];
    private static readonly string[] KnownFields =
        ["project", "labels", "key", "issuekey", "status", "issuetype", "statuscategory", .. TextFields];

    /// <summary>Whether nothing bounds it: Jira Cloud refuses such a query.</summary>
    public bool IsUnbounded => Alternatives.All(group => group.Count == 0);

    /// <summary>The projects that it names.</summary>
    public IEnumerable<string> ProjectsAsked =>
        Alternatives.SelectMany(group => group).Where(clause => clause.Field == "project").SelectMany(clause => clause.Values);

    /// <summary>Reads a query.</summary>
    /// <exception cref="FormatException">It is none; the message is what Jira says.</exception>
    public static Jql Parse(string text)
    {
        var tokens = Tokens(text);
        var alternatives = new List<IReadOnlyList<Clause>>();
        var group = new List<Clause>();
        while (tokens.Count > 0 && !tokens.Peek().IsWord("ORDER"))
        {
            group.Add(ReadClause(tokens));
            if (tokens.Count > 0 && tokens.Peek().IsWord("OR"))
            {
                alternatives.Add(group);
                group = [];
            }

            if (tokens.Count > 0 && (tokens.Peek().IsWord("AND") || tokens.Peek().IsWord("OR")))
                tokens.Dequeue();
            else if (tokens.Count > 0 && !tokens.Peek().IsWord("ORDER"))
                throw Wrong(tokens.Peek().Text);
        }

        alternatives.Add(group);
        return new Jql(alternatives);
    }

    /// <summary>Whether an issue, by its key and its fields in the index, is found.</summary>
    public bool Finds(string key, JsonObject fields) => Alternatives.Any(group => group.All(clause => clause.Holds(key, fields)));

    private static Clause ReadClause(Queue<Token> tokens)
    {
        var field = Take(tokens).Text.ToLowerInvariant();
        var operation = Take(tokens).Text.ToUpperInvariant();
        if (operation == "NOT")
            operation = $"NOT {Take(tokens).Text.ToUpperInvariant()}";
        if (!KnownFields.Contains(field))
            throw new FormatException($"Field '{field}' does not exist or you do not have permission to view it.");
        if (operation is not ("=" or "!=" or "~" or "IN" or "NOT IN"))
            throw Wrong(operation);

        var values = new List<string>();
        if (operation is "IN" or "NOT IN")
        {
            Take(tokens);
            for (var next = Take(tokens); next.Text != ")" || next.IsQuoted; next = Take(tokens))
            {
                if (next.Text != "," || next.IsQuoted)
                    values.Add(next.Text);
            }
        }
        else
        {
            values.Add(Take(tokens).Text);
        }

        // Behind ~ stands a text of another query language.
        if (operation == "~" && values[0].IndexOfAny(['"', '\\', '(', ')', '[', ']', '{', '}', '^', ':', '!']) >= 0)
            throw new FormatException($"Unable to parse the text '{values[0]}' for field '{field}'.");
        return new Clause(field, operation, values);
    }

    private static Token Take(Queue<Token> tokens) =>
        tokens.TryDequeue(out var token) ? token : throw new FormatException("Error in the JQL Query: Expecting more at the end of the query.");

    private static FormatException Wrong(string at) => new($"Error in the JQL Query: Expecting operator but got '{at}'.");

    private static Queue<Token> Tokens(string text)
    {
        var tokens = new Queue<Token>();
        var end = 0;
        foreach (Match match in TokenPattern().Matches(text))
        {
            if (text[end..match.Index].Trim().Length > 0)
                throw Wrong(text[end..match.Index].Trim());
            end = match.Index + match.Length;
            var quoted = match.Groups["quoted"];
            tokens.Enqueue(quoted.Success ? new Token(Escape().Replace(quoted.Value, "$1"), true) : new Token(match.Value, false));
        }

        return text[end..].Trim().Length == 0 ? tokens : throw Wrong(text[end..].Trim());
    }

    [GeneratedRegex("""
        "(?<quoted>(?:[^"\\]|\\.)*)"|!=|[=~(),]|[\w.@\[\]-]+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();

    private sealed record Token(string Text, bool IsQuoted)
    {
        public bool IsWord(string word) => !IsQuoted && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A condition.</summary>
    internal sealed record Clause(string Field, string Operation, IReadOnlyList<string> Values)
    {
        public bool Holds(string key, JsonObject fields)
        {
            if (Operation == "~")
                return Words(Of(key, fields)).IsSupersetOf(Words(Values));
            var isOne = Of(key, fields).Intersect(Values, StringComparer.OrdinalIgnoreCase).Any();
            return Operation is "=" or "IN" ? isOne : !isOne;
        }

        private IEnumerable<string> Of(string key, JsonObject fields) => Field switch
        {
            "key" or "issuekey" => [key],
            "project" => [key.Split('-')[0]],
            "labels" => (fields["labels"] as JsonArray ?? []).Select(label => label!.ToString()),
            "status" => [fields["status"]!["name"]!.ToString()],
            "statuscategory" => [fields["status"]!["name"]!.ToString() == "Done" ? "Done" : "To Do"],
            "issuetype" => [fields["issuetype"]?["name"]?.ToString() ?? ""],
            "summary" => [fields["summary"]?.ToString() ?? ""],
            "description" => [Description(fields)],
            _ => [fields["summary"]?.ToString() ?? "", Description(fields)],
        };

        private static string Description(JsonObject fields) =>
            fields["description"] is { } description ? JiraDocument.TextOf(description) : "";

        private static HashSet<string> Words(IEnumerable<string> texts) =>
            [.. texts.SelectMany(text => text.ToUpperInvariant().Split([' ', '-', ',', '.', '\n'], StringSplitOptions.RemoveEmptyEntries))];
    }
}

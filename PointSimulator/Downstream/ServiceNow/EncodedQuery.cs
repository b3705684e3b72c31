namespace PointWebhooks.Simulator.Downstream.ServiceNow;

/// <summary>
/// An encoded query in the part that is simulated, with its traps: a field that the table does not have drops its condition, an empty
/// value matches what is empty, <c>^NQ</c> begins another query, and a value that begins with <c>javascript:</c> is run.
/// </summary>
/// <param name="Queries">Queries of which one must hold: conditions that hold together, each with its alternatives.</param>
/// <param name="Scripts">The scripts that a server would run.</param>
internal sealed record EncodedQuery(IReadOnlyList<IReadOnlyList<IReadOnlyList<EncodedQuery.Condition>>> Queries, IReadOnlyList<string> Scripts)
{
    // The longest first: NOT IN before IN, and != before =.
    private static readonly string[] Operators =
        ["ISNOTEMPTY", "ISEMPTY", "STARTSWITH", "NOT IN", "LIKE", "IN", "!=", "="];

    /// <summary>Reads a query; conditions on fields that are not of the table are not there.</summary>
    public static EncodedQuery Parse(string text, IReadOnlySet<string> fields)
    {
        var queries = new List<IReadOnlyList<IReadOnlyList<Condition>>>();
        var scripts = new List<string>();
        foreach (var query in text.Split("^NQ"))
        {
            var conditions = new List<List<Condition>>();
            foreach (var part in query.Split('^', StringSplitOptions.RemoveEmptyEntries))
            {
                var isAlternative = part.StartsWith("OR", StringComparison.Ordinal) && !part.StartsWith("ORDERBY", StringComparison.Ordinal);
                if (part.StartsWith("ORDERBY", StringComparison.Ordinal) || Read(isAlternative ? part[2..] : part) is not { } condition)
                    continue;
                if (condition.Value.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase))
                    scripts.Add(condition.Value);
                if (!fields.Contains(condition.Field))
                    continue;
                if (isAlternative && conditions.Count > 0)
                    conditions[^1].Add(condition);
                else
                    conditions.Add([condition]);
            }

            queries.Add(conditions);
        }

        return new EncodedQuery(queries, scripts);
    }

    /// <summary>Whether a record is found.</summary>
    public bool Finds(IReadOnlyDictionary<string, string> record) =>
        Queries.Any(query => query.All(alternatives => alternatives.Any(condition => condition.Holds(record))));

    private static Condition? Read(string text)
    {
        // The first operator after the name counts.
        var first = Operators.Select(operation => (operation, at: text.IndexOf(operation, StringComparison.Ordinal)))
            .Where(found => found.at > 0).OrderBy(found => found.at).ThenByDescending(found => found.operation.Length).FirstOrDefault();
        return first.operation is null ? null
            : new Condition(text[..first.at], first.operation, text[(first.at + first.operation.Length)..]);
    }

    /// <summary>A condition.</summary>
    internal sealed record Condition(string Field, string Operation, string Value)
    {
        public bool Holds(IReadOnlyDictionary<string, string> record)
        {
            var actual = record.GetValueOrDefault(Field, "");
            return Operation switch
            {
                "=" => actual.Equals(Value, StringComparison.OrdinalIgnoreCase),
                "!=" => !actual.Equals(Value, StringComparison.OrdinalIgnoreCase),
                "IN" => Value.Split(',').Contains(actual),
                "NOT IN" => !Value.Split(',').Contains(actual),
                "LIKE" => actual.Contains(Value, StringComparison.OrdinalIgnoreCase),
                "STARTSWITH" => actual.StartsWith(Value, StringComparison.OrdinalIgnoreCase),
                "ISEMPTY" => actual.Length == 0,
                _ => actual.Length > 0,
            };
        }
    }
}

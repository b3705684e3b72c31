using System.Globalization;
using System.Text.RegularExpressions;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>
/// Reads a <c>$filter</c>: comparisons of properties with constants, <c>and</c>, <c>or</c>, <c>not</c> and parentheses, which is
/// what the service supports.
/// </summary>
internal sealed partial class FilterParser
{
    private readonly string[] tokens;
    private int position;

    private FilterParser(string text) => tokens = [.. Tokens().Matches(text).Select(token => token.Value)];

    private string? Next => position < tokens.Length ? tokens[position] : null;

    public static Filter Parse(string text)
    {
        var parser = new FilterParser(text);
        var filter = parser.Or();
        return parser.Next is null ? filter : throw parser.Unexpected();
    }

    private Filter Or()
    {
        var left = And();
        while (Accept("or"))
            left = new Filter.Or(left, And());
        return left;
    }

    private Filter And()
    {
        var left = Unary();
        while (Accept("and"))
            left = new Filter.And(left, Unary());
        return left;
    }

    private Filter Unary()
    {
        if (Accept("not"))
            return new Filter.Not(Unary());
        if (!Accept("("))
            return new Filter.Comparison(Take(), Take(), Constant(Take()));

        var inner = Or();
        return Accept(")") ? inner : throw Unexpected();
    }

    private bool Accept(string token)
    {
        if (Next != token)
            return false;
        position++;
        return true;
    }

    private string Take() => Next is null ? throw Unexpected() : tokens[position++];

    private static object Constant(string token) => token switch
    {
        ['\'', ..] => Quoted(token),
        "true" => true,
        "false" => false,
        _ when token.StartsWith("datetime'", StringComparison.Ordinal) =>
            DateTimeOffset.Parse(Quoted(token), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        _ when token.StartsWith("guid'", StringComparison.Ordinal) => Guid.Parse(Quoted(token)),
        ['X', '\'', ..] => Convert.FromHexString(Quoted(token)),
        _ when token.StartsWith("binary'", StringComparison.Ordinal) => Convert.FromHexString(Quoted(token)),
        [.. var digits, 'L'] => long.Parse(digits, CultureInfo.InvariantCulture),
        _ when int.TryParse(token, CultureInfo.InvariantCulture, out var number) => number,
        _ => double.Parse(token, CultureInfo.InvariantCulture),
    };

    private static string Quoted(string token) =>
        token[(token.IndexOf('\'', StringComparison.Ordinal) + 1)..^1].Replace("''", "'", StringComparison.Ordinal);

    private Http.StorageException Unexpected() => TableErrors.InvalidInput($"Unexpected {Next ?? "end"} in the filter.");

    [GeneratedRegex(@"(datetime|guid|binary|X)?'([^']|'')*'|[()]|[^\s()']+")]
    private static partial Regex Tokens();
}

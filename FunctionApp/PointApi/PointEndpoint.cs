using System.Text.Json.Serialization;

namespace PointWebhooks.PointApi;

/// <summary>An endpoint that is registered with Syskit Point.</summary>
/// <param name="Endpoint">Its url. A query in it is part of its identity, and a secret.</param>
/// <param name="Types">The event types it receives; <c>*</c> means all.</param>
internal sealed record PointEndpoint(
    string? Endpoint, [property: JsonConverter(typeof(EventTypesConverter))] IReadOnlyList<string>? Types)
{
    private const string All = "*";

    /// <summary>Whether this is the same url: scheme and host in any case, a slash at the path's end or none, the same query.</summary>
    public bool IsSameUrlAs(PointEndpoint other) => Parts(this) is { } mine && Parts(other) is { } theirs && mine == theirs;

    /// <summary>Whether this is the same scheme, host and path with another query: a url whose secret was changed.</summary>
    public bool IsSameUrlButForTheQuery(PointEndpoint other) =>
        Parts(this) is { } mine && Parts(other) is { } theirs && mine.Place == theirs.Place && mine.Query != theirs.Query;

    /// <summary>Whether this receives the same types, in any order and case; all of them is the same as all and some.</summary>
    public bool HasSameTypesAs(PointEndpoint other) => TypeSet(Types).SetEquals(TypeSet(other.Types));

    // The host's routes know no case, so neither does the path. A query does.
    private static (string Place, string Query)? Parts(PointEndpoint endpoint) =>
        Uri.TryCreate(endpoint.Endpoint, UriKind.Absolute, out var url)
            ? ((url.GetLeftPart(UriPartial.Authority) + url.AbsolutePath.TrimEnd('/')).ToUpperInvariant(), url.Query)
            : null;

    private static HashSet<string> TypeSet(IReadOnlyList<string>? types)
    {
        var set = (types ?? []).Select(type => type.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return set.Contains(All) ? [All] : set;
    }
}

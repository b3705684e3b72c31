using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Docs.OpenApi;

/// <summary>An operation of docs/openapi.json.</summary>
/// <param name="Id">The name of its function.</param>
/// <param name="Path">Its path behind <c>/api</c>.</param>
internal sealed record DocumentedOperation(string Id, string Path, string Method, JsonObject Json)
{
    /// <summary>The statuses that are answered with JSON.</summary>
    public IEnumerable<int> JsonStatuses => Json["responses"]!.AsObject()
        .Where(response => OpenApiFile.Resolve(response.Value!)["content"]?.AsObject().Any(type => type.Key.EndsWith("json", StringComparison.Ordinal)) == true)
        .Select(response => int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>docs/openapi.json, and what it says of an answer.</summary>
internal static class OpenApiFile
{
    private const string Schemas = "#/components/schemas/";

    public static readonly string Text = File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "docs", "openapi.json"));

    private static readonly JsonNode Root = JsonNode.Parse(Text)!;

    public static IReadOnlyList<DocumentedOperation> Operations { get; } =
    [
        .. from path in Root["paths"]!.AsObject()
           from method in path.Value!.AsObject()
           select new DocumentedOperation(method.Value!["operationId"]!.GetValue<string>(), path.Key, method.Key, method.Value!.AsObject()),
    ];

    /// <summary>The schemas, by name.</summary>
    public static JsonObject Components => Root["components"]!["schemas"]!.AsObject();

    /// <summary>Follows a reference, if it is one.</summary>
    public static JsonNode Resolve(JsonNode node) => node["$ref"]?.GetValue<string>() is { } reference
        ? Resolve(reference["#/".Length..].Split('/').Aggregate(Root, (found, name) => found[name]!))
        : node;

    /// <summary>What is wrong with an answer by the document; nothing, if all is as it says. It may have no property that is not documented.</summary>
    public static IEnumerable<string> Faults(string operation, int status, string? mediaType, string body)
    {
        var responses = Operations.Single(one => one.Id == operation).Json["responses"]!;
        if (responses[$"{status}"] is not { } response)
            return [$"{operation} {status} is not documented: {body}"];
        if (Resolve(response)["content"]?[mediaType ?? ""]?["schema"] is not { } schema)
            return mediaType is null && Resolve(response)["content"] is null ? [] : [$"{operation} {status} is not documented as {mediaType}"];
        if (!mediaType!.EndsWith("json", StringComparison.Ordinal))
            return [];
        using var json = JsonDocument.Parse(body);
        var results = Strict(schema).Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid
            ? []
            : (results.Details ?? []).SelectMany(detail => (detail.Errors ?? []).Select(error =>
                $"{operation} {status}: {detail.InstanceLocation} {error.Value}"));
    }

    private static JsonSchema Strict(JsonNode schema)
    {
        var definitions = Components.DeepClone().AsObject();
        foreach (var definition in definitions.Select(definition => definition.Value!.AsObject()).Where(one => one.ContainsKey("properties")))
            definition["additionalProperties"] = false;
        var whole = new JsonObject { ["$defs"] = definitions, ["allOf"] = new JsonArray(schema.DeepClone()) };
        return JsonSchema.FromText(whole.ToJsonString().Replace(Schemas, "#/$defs/", StringComparison.Ordinal));
    }
}

using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Operations;

namespace PointWebhooks.Tests.Docs.OpenApi;

/// <summary>docs/openapi.json has the routes of the code and the properties of what they answer.</summary>
internal sealed class OpenApiFileTests
{
    // The routes that ask for a key, once more: its second server.
    private const string SignedIn = "SignedIn";

    private static readonly HashSet<string> Compared = [];

    [Test]
    public void It_is_an_OpenAPI_document()
    {
        var read = OpenApiDocument.Parse(OpenApiFile.Text, "json");

        Assert.That(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings).Select(error => error.ToString()), Is.Empty);
        Assert.That(read.Document!.Servers!.Select(server => server.Url), Has.One.EndsWith("/api").And.One.EndsWith("/api/signed-in"));
    }

    [Test]
    public void It_has_every_route_and_says_which_ask_for_a_key() => Assert.That(
        OpenApiFile.Operations.Select(one => $"{one.Id}: {one.Method} {one.Path[1..]} {(one.Json.ContainsKey("security") ? "Anonymous" : "Function")}"),
        Is.EquivalentTo(
            from function in FunctionDescriptor.All
            where function.Name != SignedIn
            let http = function.Trigger as HttpTrigger
            where http is not null
            from method in http.Methods
            select $"{function.Name}: {method} {http.Route} {http.AuthLevel}"));

    [Test]
    public void Its_schemas_have_the_properties_of_the_code()
    {
        var readable = OperationsJsonContext.Readable;
        JsonTypeInfo[] answers =
        [
            readable.EventDetails, readable.EventListAnswer, readable.CauseAnswer, readable.ChangeAnswer, readable.ReplayReport,
            readable.SelfCheckAnswer, readable.StatusReport,
        ];
        Compared.Clear();
        foreach (var answer in answers)
            Compare(answer);

        Assert.That(
            OpenApiFile.Components.Select(schema => schema.Key),
            Is.EquivalentTo(Compared.Concat(["Problem", "KeptResponse", "EventState"])));
    }

    private static void Compare(JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
            Compare(type.Options.GetTypeInfo(type.ElementType!));
        if (type.Kind != JsonTypeInfoKind.Object || !Compared.Add(type.Type.Name))
            return;
        // One that is left out of the JSON is not read either.
        var properties = type.Properties.Where(property => property.Get is not null).ToList();
        Assert.That(
            OpenApiFile.Components[type.Type.Name]?["properties"]?.AsObject().Select(property => property.Key),
            Is.EquivalentTo(properties.Select(property => property.Name)),
            type.Type.Name);
        foreach (var property in properties)
            Compare(type.Options.GetTypeInfo(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));
    }
}

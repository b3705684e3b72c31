using PointWebhooks.Receiving;
using PointWebhooks.Tests.Functions;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Docs;

/// <summary>docs/http-api.md lists the routes and the refusals of the code.</summary>
internal sealed class DocumentedAnswersTests
{
    private static readonly Document HttpApi = new("docs/http-api.md");

    [Test]
    public void Every_route_is_listed_with_its_method_and_level() => Assert.That(
        HttpApi.Table("Route", "Method", "Level", "Function", "What").Select(row =>
            $"{row[3]}: {row[1].ToLowerInvariant()} {row[0]["/api/".Length..]} {row[2]}"),
        Is.EquivalentTo(ExpectedFunctions.All.Where(function => function.EndsWith(" Function") || function.EndsWith(" Anonymous"))));

    [Test]
    public void Every_refusal_is_listed_with_its_status() => Assert.That(
        HttpApi.Table("Reason", "Status", "When", "Kept").Select(row => $"{row[0]} {row[1]}"),
        Is.EquivalentTo(typeof(Refusal).GetFields().Select(field => (Refusal)field.GetValue(null)!).Select(refusal =>
            $"{refusal.Reason} {refusal.Status}")));
}

using Microsoft.Extensions.Options;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Operations;

/// <summary>Where an event's trace can be seen.</summary>
internal sealed class TraceLinkTests
{
    private const string Resource =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/microsoft.insights/components/appi";

    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly DateTimeOffset At = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void It_is_the_transaction_search_for_the_trace_in_the_time_of_the_event()
    {
        var link = Link(Resource, $"00-{Trace}-00f067aa0ba902b7-01")!;

        Assert.That(new Uri(link).Host, Is.EqualTo("portal.azure.com"));
        var parts = Uri.UnescapeDataString(link.Split("/BladeInputs/")[1]);
        Assert.That(link, Does.Contain($"/searchV1/ResourceId/{Uri.EscapeDataString(Resource)}/BladeInputs/"));
        using var inputs = System.Text.Json.JsonDocument.Parse(parts);
        Assert.That(inputs.RootElement.GetProperty("filterWhereClause").GetString(), Does.Contain($"\"{Trace}\""));
        Assert.That(
            inputs.RootElement.GetProperty("timeContextWhereClause").GetString(),
            Is.EqualTo("| where timestamp > datetime(\"2026-05-01T11:55:00.000Z\") and timestamp < datetime(\"2026-05-01T13:30:00.000Z\")"));
        Assert.That(link, Has.Length.LessThan(2000), "what browsers and chats take");
    }

    [TestCase(null, "00-" + Trace + "-00f067aa0ba902b7-01", TestName = "Nothing is linked without a resource")]
    [TestCase(Resource, null, TestName = "Nothing is linked without a trace")]
    [TestCase(Resource, "00-\"><script>alert(1)</script>xxxxxx-00f067aa0ba902b7-01", TestName = "Nothing is linked that is no trace id")]
    [TestCase(Resource, "00-4BF92F3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", TestName = "Nothing is linked that is a trace id in part")]
    public void Else(string? resource, string? traceParent) => Assert.That(Link(resource, traceParent), Is.Null);

    private static string? Link(string? resource, string? traceParent)
    {
        var found = EventLedger.New("ProvisioningStarted", "key", At, At) with { TraceParent = traceParent, FinishedAt = At.AddMinutes(30) };
        return new TraceLinks(Options.Create(new OperationsOptions { ApplicationInsightsId = resource })).Of(found);
    }
}

using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PointWebhooks.Ledger;
using PointWebhooks.Settings;

namespace PointWebhooks.Operations;

/// <summary>
/// Leads from an event to what Application Insights has of its trace: the transaction search of the portal, for the time of the event and
/// the trace's id. The form of the url is what the portal's own <em>Copy link</em> gives; Microsoft does not document it.
/// </summary>
internal sealed class TraceLinks(IOptions<OperationsOptions> options)
{
    private const string Portal = "https://portal.azure.com/#blade/AppInsightsExtension/BladeRedirect/BladeName/searchV1";

    // The clocks of instances differ.
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);

    // What is searched costs nothing more for being long; an attempt may still be running.
    private static readonly TimeSpan After = TimeSpan.FromHours(1);

    private static readonly (string Type, string Table, string Label)[] Searched =
    [
        ("request", "requests", "Request"), ("exception", "exceptions", "Exception"), ("trace", "traces", "Trace"),
        ("dependency", "dependencies", "Dependency"),
    ];

    /// <summary>The id of the trace that an event came with, or null.</summary>
    public static string? TraceIdOf(LedgerEvent found) =>
        found.TraceParent?.Split('-') is [_, { Length: 32 } id, ..] && id.All(char.IsAsciiHexDigitLower) ? id : null;

    /// <summary>The link, or null where the resource is not known or the event has no trace.</summary>
    public string? Of(LedgerEvent found)
    {
        if (options.Value.ApplicationInsightsId is not { } resource || TraceIdOf(found) is not { } trace)
            return null;
        var (from, until) = (found.ReceivedAt - Before, (found.FinishedAt ?? found.History.LastOrDefault()?.At ?? found.ReceivedAt) + After);
        var inputs = JsonSerializer.Serialize(new
        {
            tables = Searched.Select(one => one.Table),
            timeContextWhereClause = $"| where timestamp > datetime(\"{Text(from)}\") and timestamp < datetime(\"{Text(until)}\")",
            filterWhereClause = $"| where * has \"{trace}\" | order by timestamp desc",
            originalParams = new
            {
                eventTypes = Searched.Select(one => new { value = one.Type, tableName = one.Table, label = one.Label }),
                timeContext = new { durationMs = (long)(until - from).TotalMilliseconds, endTime = Text(until) },
                filter = Array.Empty<string>(),
                searchPhrase = new
                {
                    originalPhrase = trace,
                    _tokens = new[] { new { conjunction = "and", value = trace, isNot = false, kql = $" * has \"{trace}\"" } },
                },
                sort = "desc",
            },
        });
        return $"{Portal}/ResourceId/{Uri.EscapeDataString(resource)}/BladeInputs/{Uri.EscapeDataString(inputs)}";
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

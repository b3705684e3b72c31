using Microsoft.AspNetCore.Http;

namespace PointWebhooks.Operations.Pages;

/// <summary>The status as a page.</summary>
internal static class StatusPage
{
    /// <summary>The page as an answer.</summary>
    public static Task<IResult> ToResultAsync(StatusReport report, HttpRequest request) =>
        new Page("status.liquid", report.Events is { Dead: > 0 } events ? $"{events.Dead} dead" : "Status", report)
        {
            Values = new Dictionary<string, object?> { ["chart"] = report.Events is { } known ? DayChart.Of(known.LastDay) : null },
        }.ToResultAsync(request);
}

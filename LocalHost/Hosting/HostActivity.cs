using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>
/// The spans that a function runs in: that of the request, which the Functions host makes, and that of the invocation, with the
/// source, name and tags of the worker (its OpenTelemetry package 1.2.0).
/// </summary>
internal static class HostActivity
{
    /// <summary>The name of the source of requests.</summary>
    public const string HostSource = "PointWebhooks.LocalHost";

    /// <summary>The name of the source of invocations.</summary>
    public const string WorkerSource = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Host = new(HostSource);
    private static readonly ActivitySource Worker = new(WorkerSource);

    /// <summary>Starts the span of a request, in the trace of its <c>traceparent</c> if it has one.</summary>
    public static Activity? StartRequest(HttpRequest request, string route)
    {
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var parent);
        // Not that of Kestrel, which nobody records: its children would not be recorded either.
        Activity.Current = null;
        return Host.StartActivity($"{request.Method} {route}", ActivityKind.Server, parent)
            ?.SetTag("http.request.method", request.Method)
            .SetTag("http.route", route);
    }

    /// <summary>Starts the span of an invocation.</summary>
    public static Activity? StartInvocation(string function) =>
        Worker.StartActivity($"function {function}")
            ?.SetTag("faas.name", function)
            .SetTag("faas.invocation_id", Guid.NewGuid().ToString());
}

using System.Diagnostics;
using System.Net;
using Google.Protobuf;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Telemetry;
using PointWebhooks.Tests.Worker.Hosting;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker;

/// <summary>Where the worker's log and spans go, with and without an exporter.</summary>
internal sealed class WorkerTelemetryTests : WorkerTests
{
    // The host leaves a worker's log to the worker when it says this of itself.
    private const string ExportsItself = "WorkerOpenTelemetryEnabled";

    [Test]
    public async Task Without_an_exporter_the_log_goes_to_the_host()
    {
        await App.AcceptAsync("ProvisioningFailed", "worker-logged");

        await Eventually.TrueAsync(() => Logged($"Accepted event {EventId.Of("ProvisioningFailed", "worker-logged")}").Any(), "the log has arrived");
        var entry = Logged($"Accepted event {EventId.Of("ProvisioningFailed", "worker-logged")}").Single();
        Assert.That(entry.LogCategory, Is.EqualTo(RpcLog.Types.RpcLogCategory.User));
        Assert.That(entry.Level, Is.EqualTo(RpcLog.Types.Level.Information));
        Assert.That(entry.InvocationId, Is.Not.Empty, "the host shows it with its function");
        Assert.That(App.Host.Capabilities.Keys, Has.None.EqualTo(ExportsItself));
        Assert.That(App.Host.Logs.Select(log => log.Message), Has.None.Contains(App.Point.SignatureKey));
    }

    [Test]
    public async Task With_an_exporter_log_and_spans_go_there_and_one_trace_leads_from_the_caller_to_the_handler()
    {
        await using var sink = await TelemetrySink.StartAsync();
        var caller = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        await using (var app = await WorkerApp.StartAsync(new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            var body = SampleEvents.Body("ProvisioningCompleted", "traced");
            using var response = await app.PostAsync(body, traceParent: $"00-{caller.TraceId}-{caller.SpanId}-01");
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            await app.Host.ProcessAsync("ProcessProvisioningCompleted", app.Storage, "traced");
            Assert.That(app.Host.Capabilities.GetValueOrDefault(ExportsItself), Is.EqualTo("True"));
            app.Host.TerminateWorker();
            await app.Host.Process.Exited.WaitAsync(WorkerHost.Patience);
        }

        Assert.That(
            sink.Received("/v1/logs"),
            Does.Contain("Accepted event ").And.Contain("Completed event "));
        Assert.That(
            PathToHandler(sink, caller),
            Is.EqualTo(new[] { "function ReceiveWebhook", "receive webhook", "process event", "handle event" }));
    }

    private IEnumerable<RpcLog> Logged(string message) =>
        App.Host.Logs.Where(log => log.Message.Contains(message, StringComparison.Ordinal));

    private static List<string> PathToHandler(TelemetrySink sink, ActivityContext caller)
    {
        var spans = sink.Bodies("/v1/traces").SelectMany(body => ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans)
            .SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)
            .Where(span => Hex(span.TraceId) == caller.TraceId.ToHexString()).ToDictionary(span => Hex(span.SpanId));
        var path = new List<string>();
        var handler = spans.Values.Single(span => span.Name == "handle event");
        for (var span = handler; span is not null; span = spans.GetValueOrDefault(Hex(span.ParentSpanId)))
        {
            path.Insert(0, span.Name);
            if (Hex(span.ParentSpanId) == caller.SpanId.ToHexString())
                return path;
        }

        throw new AssertionException($"The trace is broken before: {string.Join(", ", path)}");
    }

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);
}

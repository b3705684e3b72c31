using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using Azure.Core.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>
/// All that this process lets out, as text: every log line with its scopes, values and exception, every span and measurement of
/// every source, every event of the Azure clients, and every answer over HTTP that passes through.
/// </summary>
internal sealed class Outflow : DelegatingHandler, ILoggerProvider, ISupportExternalScope
{
    private readonly ActivityListener spans;
    private readonly MeterListener measurements = new();
    private readonly AzureEventSourceListener clients;
    private IExternalScopeProvider? scopes;

    public Outflow()
        : base(new HttpClientHandler { AllowAutoRedirect = false })
    {
        spans = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => Spans.Enqueue(Text(span)),
        };
        ActivitySource.AddActivityListener(spans);
        measurements.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        measurements.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        measurements.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Measured(instrument, value, tags));
        measurements.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        measurements.Start();
        clients = new AzureEventSourceListener((_, text) => ClientEvents.Enqueue(text), EventLevel.Verbose);
    }

    public ConcurrentQueue<string> Lines { get; } = [];

    public ConcurrentQueue<string> Spans { get; } = [];

    public ConcurrentQueue<string> Measurements { get; } = [];

    public ConcurrentQueue<string> ClientEvents { get; } = [];

    public ConcurrentQueue<string> Answers { get; } = [];

    /// <summary>Everything that may not hold any secret.</summary>
    public IEnumerable<string> All => Lines.Concat(Spans).Concat(Measurements).Concat(ClientEvents).Concat(Answers);

    /// <summary>What of it the app sends anywhere.</summary>
    public IEnumerable<string> Exported => Lines.Concat(Measurements).Concat(Answers)
        .Concat(Spans.Where(span => span.StartsWith(PointActivity.SourceName, StringComparison.Ordinal)));

    /// <summary>Lets an app write its log here, whatever its level.</summary>
    public void Listen(IServiceCollection services) =>
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        Answers.Enqueue($"{response}\n{await response.Content.ReadAsStringAsync(cancellationToken)}");
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        spans.Dispose();
        measurements.Dispose();
        clients.Dispose();
        base.Dispose(disposing);
    }

    private void Measured(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        Measurements.Enqueue($"{instrument.Meter.Name} {instrument.Name} {value} {Text(tags.ToArray())}");

    private static string Text(Activity span) => string.Join('\n', (string?[])
    [
        $"{span.Source.Name} {span.OperationName} {span.DisplayName} {span.Status} {span.StatusDescription} {span.TraceStateString}",
        Text(span.TagObjects),
        Text(span.Baggage.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value))),
        .. span.Events.Select(one => $"{one.Name} {Text(one.Tags)}"),
        .. span.Links.Select(one => Text(one.Tags ?? [])),
    ]);

    private static string Text(IEnumerable<KeyValuePair<string, object?>> pairs) =>
        string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Text(object? state) =>
        state is IEnumerable<KeyValuePair<string, object?>> pairs ? $"{state} {Text(pairs)}" : $"{state}";

    private sealed class Logger(Outflow outflow, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => outflow.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {category} {eventId} {formatter(state, exception)}";
            var parts = new List<string> { line, Text((object?)state), $"{exception}" };
            outflow.scopes?.ForEachScope((scope, all) => all.Add(Text(scope)), parts);
            outflow.Lines.Enqueue(string.Join('\n', parts));
        }
    }
}

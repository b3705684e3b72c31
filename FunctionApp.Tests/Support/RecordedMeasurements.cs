using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.Tests.Support;

/// <summary>What the instruments of one app measure.</summary>
internal sealed class RecordedMeasurements : IDisposable
{
    private readonly ConcurrentQueue<(string Instrument, double Value, string Tags)> measured = [];
    private readonly MeterListener listener;

    public RecordedMeasurements(IServiceProvider services)
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == meters)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The sum of a counter, of the measurements that have a tag, such as <c>body=other</c>.</summary>
    public double Sum(string instrument, string tag = "") =>
        measured.Where(one => one.Instrument == instrument && one.Tags.Contains(tag, StringComparison.Ordinal)).Sum(one => one.Value);

    /// <summary>What an instrument measured: value and tags, such as <c>body=other,type=ProvisioningStarted</c>.</summary>
    public IReadOnlyList<(double Value, string Tags)> Of(string instrument) =>
        [.. measured.Where(one => one.Instrument == instrument).Select(one => (one.Value, one.Tags))];

    /// <summary>The names of the instruments that have measured something.</summary>
    public IReadOnlySet<string> Instruments => measured.Select(one => one.Instrument).ToHashSet();

    /// <summary>The last value of a gauge.</summary>
    public double Last(string instrument) => measured.Last(one => one.Instrument == instrument).Value;

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var texts = new List<string>();
        foreach (var tag in tags)
            texts.Add($"{tag.Key}={tag.Value}");
        measured.Enqueue((instrument.Name, value, string.Join(',', texts.Order(StringComparer.Ordinal))));
    }
}

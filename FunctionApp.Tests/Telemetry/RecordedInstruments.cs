using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>The app's instruments with the tags they are given: each of <see cref="PointMetrics"/>' methods has been called once.</summary>
internal static class RecordedInstruments
{
    public static IReadOnlyDictionary<string, (Instrument Instrument, IReadOnlySet<string> Tags)> All()
    {
        var published = new Dictionary<string, (Instrument Instrument, IReadOnlySet<string> Tags)>();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Scope == meters)
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        var instruments = new PointMetrics(meters);
        foreach (var method in typeof(PointMetrics).GetMethods().Where(method => method.DeclaringType == typeof(PointMetrics)))
            method.Invoke(instruments, [.. method.GetParameters().Select(parameter => Some(parameter.ParameterType))]);
        return published;

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var keys = published.TryGetValue(instrument.Name, out var before) ? before.Tags.ToHashSet() : [];
            foreach (var tag in tags)
                keys.Add(tag.Key);
            published[instrument.Name] = (instrument, keys);
        }
    }

    private static object Some(Type type) => type == typeof(string) ? "some" : Activator.CreateInstance(type)!;
}

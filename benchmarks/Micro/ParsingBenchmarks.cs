using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PointWebhooks.Events;
using PointWebhooks.Simulator;

namespace PointWebhooks.Benchmarks.Micro;

/// <summary>From the bytes of a body to the typed event.</summary>
[MemoryDiagnoser]
public class ParsingBenchmarks
{
    private byte[] body = [];

    /// <summary>The length of the body, in bytes.</summary>
    [Params(600, 64 * 1024)]
    public int Size { get; set; }

    /// <summary>Makes a body whose content is that long.</summary>
    [GlobalSetup]
    public void Fill()
    {
        var plain = SampleEvents.Body("ProvisioningFailed", "key").Length;
        var error = JsonEncodedText.Encode(new string('x', Math.Max(1, Size - plain)));
        body = [.. System.Text.Encoding.UTF8.GetBytes(
            System.Text.Encoding.UTF8.GetString(SampleEvents.Body("ProvisioningFailed", "key"))
                .Replace("The alias is already in use.", error.ToString(), StringComparison.Ordinal))];
    }

    /// <summary>One pass of the bare reader, which makes nothing of what it reads.</summary>
    [Benchmark(Baseline = true)]
    public int Reader()
    {
        var reader = new Utf8JsonReader(body);
        var tokens = 0;
        while (reader.Read())
            tokens++;
        return tokens;
    }

    /// <summary>System.Text.Json's document of it.</summary>
    [Benchmark]
    public string? Document()
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("meta").GetProperty("idempotencyKey").GetString();
    }

    /// <summary>This app's envelope and typed event.</summary>
    [Benchmark]
    public PointEvent? PointWebhooks() => PointEventReader.Read(EventEnvelope.Parse(body));
}

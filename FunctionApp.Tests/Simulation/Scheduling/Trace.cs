using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Tests.Simulation.Scheduling;

/// <summary>What happened in a run, line by line: kept as a hash, which two equal runs share, and as text when asked for.</summary>
internal sealed class Trace : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Where the lines are written to as well, or null.</summary>
    public TextWriter? Output { get; set; }

    /// <summary>The hash of the lines so far.</summary>
    public string Hash => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Adds a line.</summary>
    public void Add(DateTimeOffset at, string who, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{at:dd HH:mm:ss.fffffff} {who}: {what}\n");
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        Output?.Write(line);
    }

    public void Dispose() => hash.Dispose();
}

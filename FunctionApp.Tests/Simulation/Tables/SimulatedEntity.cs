using System.Globalization;

namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>A stored entity.</summary>
/// <param name="Key">Its address.</param>
/// <param name="Timestamp">When it was written last; no two writes to a table have the same.</param>
/// <param name="Properties">
/// Its own properties: string, bool, int, long, double, <see cref="DateTimeOffset"/>, <see cref="Guid"/> or byte[].
/// </param>
internal sealed record SimulatedEntity(EntityKey Key, DateTimeOffset Timestamp, IReadOnlyDictionary<string, object> Properties)
{
    /// <summary>The version.</summary>
    public string ETag => $"W/\"datetime'{Uri.EscapeDataString(Text(Timestamp))}'\"";

    /// <summary>The value of a property, of those that every entity has too, or null.</summary>
    public object? Value(string property) => property switch
    {
        "PartitionKey" => Key.Partition,
        "RowKey" => Key.Row,
        "Timestamp" => Timestamp,
        _ => Properties.GetValueOrDefault(property),
    };

    /// <summary>A time as the service writes it.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
}

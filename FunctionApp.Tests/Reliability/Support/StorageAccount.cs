namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>An account of the storage emulator.</summary>
/// <param name="Name">Its name, the first segment of every path.</param>
/// <param name="Key">Its key, base64.</param>
/// <param name="Queues">The address of its queues, without the path.</param>
/// <param name="Tables">The address of its tables, without the path.</param>
internal sealed record StorageAccount(string Name, string Key, string Queues, string Tables)
{
    public static StorageAccount Parse(string connectionString)
    {
        var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        string Address(string endpoint) => new Uri(parts[endpoint]).GetLeftPart(UriPartial.Authority);
        return new StorageAccount(parts["AccountName"], parts["AccountKey"], Address("QueueEndpoint"), Address("TableEndpoint"));
    }

    /// <summary>The connection to the account at other addresses.</summary>
    public string At(string queues, string tables) =>
        $"DefaultEndpointsProtocol=http;AccountName={Name};AccountKey={Key};QueueEndpoint={queues}/{Name};TableEndpoint={tables}/{Name};";
}

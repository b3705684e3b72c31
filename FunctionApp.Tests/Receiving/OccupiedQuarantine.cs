using System.Text;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>A quarantine that others have filled; only what is counted of their requests is there.</summary>
internal static class OccupiedQuarantine
{
    private static readonly Dictionary<string, string> NoQuery = [];

    /// <summary>Writes the rows past the app, and past the clients of the SDK, which take their time for twenty thousand.</summary>
    /// <param name="prefix">That of the rows.</param>
    /// <param name="bytes">The bytes of all bodies, at least as many as there are requests.</param>
    public static void Occupy(this SimulatedAccount account, string prefix, int requests, long bytes)
    {
        for (var i = 0; i < requests; i++)
        {
            var length = i == 0 ? bytes - requests + 1 : 1;
            var row = $$"""{"PartitionKey":"quarantine","BodyLength":{{length}},"RowKey":"{{prefix}}{{i:D5}}"}""";
            account.Storage.Perform(
                new StorageRequest(
                    StorageOperation.InsertEntity, PointTable.Name, $"/{PointTable.Name}", NoQuery, null, Encoding.UTF8.GetBytes(row)),
                redelivers: false);
        }
    }
}

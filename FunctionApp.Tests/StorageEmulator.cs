using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Queues;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests;

/// <summary>
/// One emulator in memory for the whole run, with an account for every app under test, so that no test sees another's data. It starts when
/// the first test asks for one: a run of rules alone does without.
/// </summary>
[SetUpFixture]
internal sealed class StorageEmulator
{
    private const int Accounts = 500;
    private const string Key = "dGhlIGtleSBvZiB0aGUgdGVzdCBhY2NvdW50cw==";

    // Runs side by side begin at different places.
    private const int FirstPort = 12_000;
    private const int PortCount = 18_000;

    private static readonly Lazy<Emulator> Started = new(() => Task.Run(StartAsync).GetAwaiter().GetResult());

    // Of each port that was given, the UDP port of the same number, held until the run ends.
    private static readonly ConcurrentBag<Socket> Claims = [];

    private static int portsTried = Environment.ProcessId * 101 % PortCount;
    private static int taken;

    // Some tests start one of their own.
    [OneTimeSetUp]
    public Task InstallAsync() => RealParts.AreLeftOut
        ? Task.CompletedTask
        : EmulatorPackage.InstallAsync(RepositoryRoot.Find(), TestContext.Progress.WriteLine, CancellationToken.None);

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Started.IsValueCreated)
            await Started.Value.DisposeAsync();
    }

    /// <summary>A connection to an account nobody has used yet.</summary>
    public static string NewAccount()
    {
        RealParts.Need("the storage emulator");
        var name = Name(Interlocked.Increment(ref taken));
        return ConnectionString(name, Key, Started.Value.Ports);
    }

    /// <summary>Makes the table and the queues of an account, as the deployment does.</summary>
    /// <returns>The connection to it.</returns>
    public static async Task<string> DeployAsync(string account)
    {
        await new TableClient(account, PointTable.Name).CreateIfNotExistsAsync();
        foreach (var queue in QueueNames.All)
            await new QueueClient(account, queue).CreateIfNotExistsAsync();
        return account;
    }

    /// <summary>The connection to an account of an emulator at three ports.</summary>
    public static string ConnectionString(string name, string key, IReadOnlyList<int> at) =>
        $"DefaultEndpointsProtocol=http;AccountName={name};AccountKey={key};QueueEndpoint=http://127.0.0.1:{at[1]}/{name};TableEndpoint=http://127.0.0.1:{at[2]}/{name};BlobEndpoint=http://127.0.0.1:{at[0]}/{name};";

    /// <summary>
    /// Ports that nobody listens on, and that stay free for whoever needs them again after a restart: below the range from which
    /// systems take the ports of outgoing connections, and each given once, also to runs side by side.
    /// </summary>
    public static IReadOnlyList<int> FreePorts(int count)
    {
        RealParts.Need("free ports");
        return [.. Enumerable.Range(0, count).Select(_ => NextFreePort())];
    }

    private static async Task<Emulator> StartAsync()
    {
        var accounts = string.Join(';', Enumerable.Range(1, Accounts).Select(i => $"{Name(i)}:{Key}"));
        return await Emulator.StartAsync(RepositoryRoot.Find(), Emulator.AnyPorts, null, accounts, CancellationToken.None);
    }

    private static int NextFreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref portsTried) % PortCount);
            var claim = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                claim.Bind(new IPEndPoint(IPAddress.Loopback, port));
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                Claims.Add(claim);
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there, or may still: the next one.
                claim.Dispose();
            }
        }
    }

    private static string Name(int i) => $"test{i:D4}";
}

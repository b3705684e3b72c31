using Microsoft.Extensions.Configuration;
using PointWebhooks.Simulator;
using static PointWebhooks.LocalHost.Storage.ConfiguredStorage;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>The storage of a session: what the settings name, or an emulator of its own.</summary>
internal sealed class LocalStorage : IAsyncDisposable
{
    /// <summary>An account that only the emulators of LocalHost have, by which one knows another's.</summary>
    public const string MarkAccount = "pointwebhookslocalhost";

    private const string DevelopmentAccount = "devstoreaccount1";

    // The emulator's published key: it protects nothing.
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(1);

    private readonly Emulator? emulator;
    private readonly FileStream? folderLock;

    private LocalStorage(string description, Emulator? emulator = null, FileStream? folderLock = null, bool isRealAccount = false) =>
        (Description, this.emulator, this.folderLock, IsRealAccount) = (description, emulator, folderLock, isRealAccount);

    /// <summary>What it is, for people; without a key.</summary>
    public string Description { get; }

    /// <summary>Whether it is no emulator, so that what happens there may concern others.</summary>
    public bool IsRealAccount { get; }

    /// <summary>The connection to put in place of the settings' own, or null.</summary>
    public string? ConnectionString => emulator is null ? null
        : $"DefaultEndpointsProtocol=http;AccountName={DevelopmentAccount};AccountKey={DevelopmentKey};"
            + $"BlobEndpoint={Endpoint(0)};QueueEndpoint={Endpoint(1)};TableEndpoint={Endpoint(2)};";

    /// <summary>Takes the storage that the settings name, or starts an emulator.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="dataFolder">Where the emulator keeps its data, or null to keep it in memory.</param>
    /// <param name="tell">Takes a line for whoever waits.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    public static async Task<LocalStorage> OpenAsync(
        string root, IConfiguration configuration, string? dataFolder, Action<string> tell, CancellationToken cancellationToken)
    {
        var configured = ConfiguredStorage.Read(configuration);
        var found = configured.Kind is Kinds.None or Kinds.Development
            ? await PortProbe.LookAsync(Emulator.DevelopmentPorts, ProbePatience, cancellationToken)
            : PortProbe.Finding.Nothing;
        LocalStorage? theirs = (configured.Kind, found) switch
        {
            (Kinds.Account, _) => new($"the account {OneLine.Of(configured.Account, 100)} ({Setting})", isRealAccount: true),
            (Kinds.OtherEmulator, _) => new($"the account {configured.Account} of an emulator on this machine ({Setting})"),
            (Kinds.Development, PortProbe.Finding.Emulator) => new($"the emulator that listens at the usual ports ({Setting})"),
            _ => null,
        };
        if (theirs is not null)
        {
            return dataFolder is null
                ? theirs
                : throw new InvalidOperationException(
                    $"--keep-data is for LocalHost's own emulator, but the storage is {theirs.Description}.");
        }

        if (TakenPorts(found) is { } why)
            tell(why);
        await EmulatorPackage.InstallAsync(root, tell, cancellationToken);
        tell("Starting the storage emulator ...");
        return await StartEmulatorAsync(
            root, found == PortProbe.Finding.Nothing ? Emulator.DevelopmentPorts : Emulator.AnyPorts, dataFolder, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (emulator is not null)
            await emulator.DisposeAsync();
        if (folderLock is not null)
            await folderLock.DisposeAsync();
    }

    private static async Task<LocalStorage> StartEmulatorAsync(
        string root, IReadOnlyList<int> ports, string? dataFolder, CancellationToken cancellationToken)
    {
        var folder = dataFolder is null ? null : Directory.CreateDirectory(dataFolder).FullName;
        var folderLock = folder is null ? null : Lock(folder);
        try
        {
            var accounts = $"{DevelopmentAccount}:{DevelopmentKey};{MarkAccount}:{DevelopmentKey}";
            Task<Emulator> StartAsync(IReadOnlyList<int> at) => Emulator.StartAsync(root, at, folder, accounts, cancellationToken);
            Emulator emulator;
            try
            {
                emulator = await StartAsync(ports);
            }
            // Somebody has taken the usual ports since they were looked at.
            catch (InvalidOperationException) when (ports == Emulator.DevelopmentPorts)
            {
                emulator = await StartAsync(Emulator.AnyPorts);
            }

            var kept = folder is null ? "in memory, gone when LocalHost ends" : $"in {folder}";
            return new LocalStorage(
                $"an emulator, with its queues at port {emulator.Ports[1]} and its tables at {emulator.Ports[2]}; its data is {kept}",
                emulator,
                folderLock);
        }
        catch
        {
            folderLock?.Dispose();
            throw;
        }
    }

    // Two emulators would overwrite each other's data. The operating system lets go of the lock when this process ends.
    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new InvalidOperationException($"Another LocalHost keeps its data in {folder}. Choose another folder with --keep-data.");
        }
    }

    private static string? TakenPorts(PortProbe.Finding found) => found switch
    {
        PortProbe.Finding.Emulator =>
            "A storage emulator listens at the usual ports already; it is left alone. "
            + $"To work on it, set {Setting} to UseDevelopmentStorage=true.",
        PortProbe.Finding.EmulatorOfLocalHost => "Another LocalHost has its emulator at the usual ports; this one takes other ports.",
        PortProbe.Finding.SomethingElse =>
            $"Something else listens at one of the ports {string.Join(", ", Emulator.DevelopmentPorts)}, and it is no storage emulator; "
            + "the emulator takes other ports.",
        _ => null,
    };

    private string Endpoint(int service) => $"http://127.0.0.1:{emulator!.Ports[service]}/{DevelopmentAccount}";
}

using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Storage;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>What LocalHost makes of the storage setting, and of what listens where the emulator would.</summary>
internal sealed class StorageTests
{
    private const string Azure = "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";

    [TestCase(null, "None", "")]
    [TestCase(" ", "None", "")]
    [TestCase("UseDevelopmentStorage=true", "Development", "")]
    [TestCase("usedevelopmentstorage=TRUE;", "Development", "")]
    [TestCase(Azure, "Account", "contoso")]
    [TestCase("QueueEndpoint=https://contoso.queue.core.windows.net;SharedAccessSignature=sv=1", "Account", "contoso")]
    [TestCase("AccountName=test;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:9/test", "OtherEmulator", "test")]
    [TestCase("this is no connection string", "Account", "")]
    public void A_connection_string_is_an_account_or_an_emulator(string? value, string kind, string account)
    {
        var read = ConfiguredStorage.Read(Configuration(("AzureWebJobsStorage", value)));

        Assert.That(($"{read.Kind}", read.Account), Is.EqualTo((kind, account)));
    }

    [TestCase("AzureWebJobsStorage:accountName", "contoso")]
    [TestCase("AzureWebJobsStorage:queueServiceUri", "https://contoso.queue.core.windows.net")]
    public void An_account_may_be_named_or_addressed(string name, string value) => Assert.That(
        ConfiguredStorage.Read(Configuration((name, value))),
        Is.EqualTo(new ConfiguredStorage(ConfiguredStorage.Kinds.Account, "contoso")));

    [Test]
    public async Task Ports_that_nobody_listens_at_are_free() => Assert.That(
        await LookAsync(StorageEmulator.FreePorts(3)), Is.EqualTo(PortProbe.Finding.Nothing));

    [Test]
    public async Task An_emulator_is_told_from_that_of_another_LocalHost()
    {
        RealParts.Need("the storage emulator");
        await using var somebodys = await Emulator.StartAsync(RepositoryRoot.Find(), Emulator.AnyPorts, null, null, CancellationToken.None);
        await using var another = await OpenAsync(null);

        Assert.That(await LookAsync(somebodys.Ports), Is.EqualTo(PortProbe.Finding.Emulator));
        Assert.That(await LookAsync(Ports(another.ConnectionString!)), Is.EqualTo(PortProbe.Finding.EmulatorOfLocalHost));
    }

    [Test]
    public async Task What_is_silent_or_no_emulator_is_something_else()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var silentPort = ((IPEndPoint)silent.LocalEndpoint).Port;
        var web = await PointServer.StartAsync(new SimulatedPoint(), 0, CancellationToken.None);
        await using var _ = web;
        var webPort = new Uri(web.Urls.Single()).Port;

        Assert.That(await LookAsync([silentPort, silentPort, silentPort], TimeSpan.FromSeconds(1)), Is.EqualTo(PortProbe.Finding.SomethingElse));
        Assert.That(await LookAsync([webPort, webPort, webPort]), Is.EqualTo(PortProbe.Finding.SomethingElse));
    }

    [Test]
    public async Task Data_are_kept_in_a_folder_that_one_LocalHost_has_at_a_time()
    {
        var folder = Directory.CreateTempSubdirectory("kept-").FullName;
        var storage = await OpenAsync(folder);
        await new TableClient(storage.ConnectionString, "kept").CreateAsync();

        Assert.That(() => OpenAsync(folder), Throws.InvalidOperationException.With.Message.Contains(folder));
        await storage.DisposeAsync();
        storage = await OpenAsync(folder);

        var kept = new TableClient(storage.ConnectionString, "kept");
        Assert.That(() => kept.AddEntityAsync(new TableEntity("partition", "row")), Throws.Nothing, "the table is there");
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static Task<LocalStorage> OpenAsync(string? folder) => LocalStorage.OpenAsync(
        RepositoryRoot.Find(), new ConfigurationBuilder().Build(), folder, _ => { }, CancellationToken.None);

    private static IConfiguration Configuration(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Name, each.Value))).Build();

    private static Task<PortProbe.Finding> LookAsync(IReadOnlyList<int> ports, TimeSpan? patience = null) =>
        PortProbe.LookAsync(ports, patience ?? TimeSpan.FromMinutes(1), CancellationToken.None);

    private static int[] Ports(string connectionString) =>
        [.. Regex.Matches(connectionString, "127.0.0.1:([0-9]+)").Select(match => int.Parse(match.Groups[1].Value, null))];
}

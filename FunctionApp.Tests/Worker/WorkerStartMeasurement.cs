using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using PointWebhooks.LocalHost;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Infra;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>What ReadyToRun is worth: the time from the start of the worker process to its first 202, and the size on disk.</summary>
[Explicit("A measurement: publishes the app twice and takes a minute or two.")]
[NonParallelizable]
internal sealed class WorkerStartMeasurement
{
    private const int Runs = 9;

    private string folder = "";

    [OneTimeSetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("start-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task ReadyToRun_shortens_the_start()
    {
        var (just, ready) = (await PublishAsync(isReadyToRun: false), await PublishAsync(isReadyToRun: true));
        var (justTimes, readyTimes) = (new List<double>(), new List<double>());
        for (var run = 0; run < Runs; run++)
        {
            justTimes.Add(await SecondsToFirstAnswerAsync(just));
            readyTimes.Add(await SecondsToFirstAnswerAsync(ready));
        }

        TestContext.Out.WriteLine($"Without ReadyToRun: {Describe(justTimes)}, {Size(just)}.");
        TestContext.Out.WriteLine($"With ReadyToRun: {Describe(readyTimes)}, {Size(ready)}.");
        TestContext.Out.WriteLine($"Ratio of the medians: {Median(readyTimes) / Median(justTimes):0.00}.");
        Assert.That(Median(readyTimes), Is.LessThan(Median(justTimes)), "or ReadyToRun is not worth its size");
    }

    private async Task<string> PublishAsync(bool isReadyToRun)
    {
        var output = Path.Combine(folder, $"ready-to-run-{isReadyToRun}");
        var published = await ChildProcess.RunAsync(
            RepositoryRoot.Find(),
            "dotnet",
            ["publish", "FunctionApp", "-c", "Release", "-r", "linux-x64", "--self-contained", "false", $"-p:PublishReadyToRun={isReadyToRun}", "-o", output]);
        Assert.That(published.ExitCode, Is.Zero, published.Output);
        return output;
    }

    private static async Task<double> SecondsToFirstAnswerAsync(string folder)
    {
        var since = Stopwatch.GetTimestamp();
        await using var app = await WorkerApp.StartAsync(folder: folder);
        using var response = await app.PostAsync(SampleEvents.Body("ProvisioningStarted", "first"));
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        return Stopwatch.GetElapsedTime(since).TotalSeconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static string Describe(List<double> times) => $"median {Median(times):0.00} s ({times.Min():0.00}-{times.Max():0.00})";

    private static string Size(string folder)
    {
        var package = folder + ".zip";
        ZipFile.CreateFromDirectory(folder, package);
        var unpacked = new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        return $"{unpacked / 1e6:0.0} MB, zipped {new FileInfo(package).Length / 1e6:0.0} MB";
    }
}

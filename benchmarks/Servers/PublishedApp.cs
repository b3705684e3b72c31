using CliWrap;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Benchmarks.Servers;

/// <summary>A function app, published as it is for Azure.</summary>
internal static class PublishedApp
{
    /// <summary>Publishes this app.</summary>
    /// <param name="isReadyToRun">Whether it is precompiled, as it is for Azure.</param>
    /// <returns>Its folder.</returns>
    public static Task<string> ProductAsync(bool isReadyToRun = true) =>
        PublishAsync("FunctionApp", $"-p:PublishReadyToRun={isReadyToRun}");

    /// <summary>Publishes the fewest lines of the same packages.</summary>
    /// <returns>Its folder.</returns>
    public static Task<string> MinimalAsync() => PublishAsync("benchmarks/MinimalApp");

    private static async Task<string> PublishAsync(string project, params IEnumerable<string> options)
    {
        var folder = Directory.CreateTempSubdirectory("published-").FullName;
        await Cli.Wrap("dotnet").WithArguments(["publish", project, "-c", "Release", "-o", folder, .. options])
            .WithWorkingDirectory(RepositoryRoot.Find()).ExecuteAsync();
        return folder;
    }
}

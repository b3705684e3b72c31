using System.ComponentModel;
using System.Text;
using CliWrap;

namespace PointWebhooks.LocalHost.Storage;

/// <summary>The npm package of the storage emulator, pinned in tools/azurite.</summary>
internal static class EmulatorPackage
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    /// <summary>Installs the emulator from its lock file, unless that has been done.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="tell">Takes a line for whoever waits.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <exception cref="InvalidOperationException">It cannot be installed; the message says why.</exception>
    public static async Task InstallAsync(string root, Action<string> tell, CancellationToken cancellationToken)
    {
        var folder = Folder(root);
        var installed = Path.Combine(folder, "node_modules", ".package-lock.json");
        var locked = Path.Combine(folder, "package-lock.json");
        if (File.Exists(installed) && File.GetLastWriteTimeUtc(installed) >= File.GetLastWriteTimeUtc(locked))
            return;

        tell("Installing the storage emulator Azurite with `npm ci`, once; this takes up to a minute ...");
        var said = new StringBuilder();
        try
        {
            var npm = Cli.Wrap("npm").WithArguments("ci").WithWorkingDirectory(folder)
                .WithStandardOutputPipe(PipeTarget.ToStringBuilder(said))
                .WithStandardErrorPipe(PipeTarget.ToStringBuilder(said))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(cancellationToken);
            var progress = TellProgressAsync(npm.Task, tell);
            var result = await npm;
            await progress;
            if (!result.IsSuccess)
                throw new InvalidOperationException($"`npm ci` in tools/azurite failed:\n{said.ToString().Trim()}");
        }
        catch (Win32Exception)
        {
            throw Missing("npm");
        }

        File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
    }

    public static string Folder(string root) => Path.Combine(root, "tools", "azurite");

    public static InvalidOperationException Missing(string program) => new(
        $"`{program}` was not found. Install Node.js 20 or newer, or set AzureWebJobsStorage to a storage account.");

    private static async Task TellProgressAsync(Task npm, Action<string> tell)
    {
        for (var waited = ProgressInterval; ; waited += ProgressInterval)
        {
            if (await Task.WhenAny(npm, Task.Delay(ProgressInterval)) == npm)
                return;
            tell($"... still installing after {waited.TotalSeconds} s.");
        }
    }
}

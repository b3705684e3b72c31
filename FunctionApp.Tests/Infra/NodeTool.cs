namespace PointWebhooks.Tests.Infra;

/// <summary>A program for Node.js in a folder of tools/, with its packages pinned beside it.</summary>
internal static class NodeTool
{
    /// <summary>Installs the packages unless that has been done, gives the script its standard input and returns what it wrote.</summary>
    public static async Task<string> RunAsync(string tool, string script, string input)
    {
        var folder = Path.Combine(Bicep.Root, "tools", tool);
        var (locked, installed) = (Path.Combine(folder, "package-lock.json"), Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (!File.Exists(installed) || File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(locked))
        {
            var npm = OperatingSystem.IsWindows() ? ("cmd", ["/c", "npm", "ci"]) : ("npm", (string[])["ci"]);
            var installing = await ChildProcess.RunAsync(folder, npm.Item1, npm.Item2);
            Assert.That(installing.ExitCode, Is.Zero, installing.Output + installing.Error);
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }

        var said = await ChildProcess.RunAsync(folder, "node", [script], input: input);
        Assert.That((said.ExitCode, said.Error), Is.EqualTo((0, "")));
        return said.Output;
    }
}

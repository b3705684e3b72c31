using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>A folder that LocalHost takes for its repository, and a program of the PATH that never ends.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class ScriptedRepository : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("repository-");

    /// <summary>Makes the folder.</summary>
    /// <param name="endless">The program: <c>npm</c> or <c>node</c>.</param>
    public ScriptedRepository(string endless)
    {
        var azurite = folder.CreateSubdirectory("tools").CreateSubdirectory("azurite").FullName;
        File.Copy(System.IO.Path.Combine(RepositoryRoot.Find(), "host.json"), System.IO.Path.Combine(Path, "host.json"));
        File.WriteAllText(System.IO.Path.Combine(azurite, "package-lock.json"), "{}");
        if (endless != "npm")
        {
            var installed = Directory.CreateDirectory(System.IO.Path.Combine(azurite, "node_modules")).FullName;
            File.WriteAllText(System.IO.Path.Combine(installed, ".package-lock.json"), "{}");
        }

        var program = System.IO.Path.Combine(folder.CreateSubdirectory("bin").FullName, endless);
        File.WriteAllText(program, $"#!/bin/sh\necho $$ > \"{ProcessIdFile}\"\nexec sleep 600\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path => folder.FullName;

    /// <summary>An environment in which the program is found first, and no storage is set.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["PATH"] = $"{System.IO.Path.Combine(Path, "bin")}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["AzureWebJobsStorage"] = null,
    };

    private string ProcessIdFile => System.IO.Path.Combine(Path, "process-id");

    /// <summary>Whether the program has been started.</summary>
    public bool HasStarted => File.Exists(ProcessIdFile) && new FileInfo(ProcessIdFile).Length > 0;

    /// <summary>Whether the program runs still.</summary>
    public bool IsRunning
    {
        get
        {
            var id = File.ReadAllText(ProcessIdFile).Trim();
            if (!OperatingSystem.IsLinux())
                return Array.Exists(System.Diagnostics.Process.GetProcesses(), process => $"{process.Id}" == id);
            try
            {
                // One that has ended keeps its id until its parent asks for its exit code, which a busy parent does late.
                return !File.ReadLines($"/proc/{id}/status").Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    public void Dispose() => folder.Delete(recursive: true);
}

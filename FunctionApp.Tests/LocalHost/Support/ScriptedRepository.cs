using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>A folder that LocalHost takes for its repository, and a program of the PATH that never ends.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class ScriptedRepository : IDisposable
{
    private readonly CleanRepository repository;

    /// <summary>Makes the folder.</summary>
    /// <param name="endless">The program: <c>npm</c> or <c>node</c>.</param>
    public ScriptedRepository(string endless)
    {
        repository = new CleanRepository(isInstalled: endless != "npm");
        var program = System.IO.Path.Combine(Directory.CreateDirectory(Bin).FullName, endless);
        ScriptFile.Write(program, $"#!/bin/sh\necho $$ > \"{ProcessIdFile}\"\nexec sleep 600\n");
    }

    public string Path => repository.Folder;

    /// <summary>An environment in which the program is found first, and no storage is set.</summary>
    public Dictionary<string, string?> Environment => new()
    {
        ["PATH"] = $"{Bin}:{System.Environment.GetEnvironmentVariable("PATH")}",
        ["AzureWebJobsStorage"] = null,
    };

    private string Bin => System.IO.Path.Combine(Path, "bin");

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

    public void Dispose() => repository.Dispose();
}

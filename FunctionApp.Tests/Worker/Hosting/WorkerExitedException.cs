namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>The worker process ended although the host still needed it.</summary>
internal sealed class WorkerExitedException(int exitCode, string error)
    : Exception($"The worker exited with code {exitCode}: {error}")
{
    /// <summary>Its exit code.</summary>
    public int ExitCode => exitCode;

    /// <summary>Whether somebody else had the port of its web server.</summary>
    public bool IsPortTaken => error.Contains("address already in use", StringComparison.Ordinal);

    /// <summary>What it wrote to standard error.</summary>
    public string Error => error;
}

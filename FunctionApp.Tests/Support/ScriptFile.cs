using System.Diagnostics;
using System.Runtime.Versioning;

namespace PointWebhooks.Tests.Support;

/// <summary>A script that a test writes and runs at once.</summary>
[UnsupportedOSPlatform("windows")]
internal static class ScriptFile
{
    /// <summary>
    /// Writes it, in a process of its own. What this process has open for writing is open, too, in one that another test starts at that
    /// moment, until its program begins; and the system runs no file that somebody has open for writing (ETXTBSY).
    /// </summary>
    /// <param name="path">Where; its folder must be there.</param>
    /// <param name="script">All of it, with its first line.</param>
    public static void Write(string path, string script)
    {
        RealParts.Need("a process");
        var start = new ProcessStartInfo("sh", ["-c", "cat > \"$1\" && chmod 700 \"$1\"", "sh", path]) { RedirectStandardInput = true };
        using var writer = Process.Start(start)!;
        writer.StandardInput.Write(script);
        writer.StandardInput.Close();
        writer.WaitForExit();
        Assert.That(writer.ExitCode, Is.Zero, $"{path} is written");
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Benchmarks.Report;

/// <summary>Writes a table into README.md, between the marks that bear its name, with the day and the machine.</summary>
internal static class ReadmeTables
{
    /// <summary>Replaces what stands between the marks.</summary>
    /// <exception cref="InvalidOperationException">README.md has no such marks.</exception>
    public static void Write(string name, ReportTable table)
    {
        var file = Path.Combine(RepositoryRoot.Find(), "benchmarks", "README.md");
        var text = File.ReadAllText(file);
        var (begin, end) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var (from, until) = (text.IndexOf(begin, StringComparison.Ordinal), text.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || until < from)
            throw new InvalidOperationException($"{file} has no place for the table {name}.");
        File.WriteAllText(file, $"{text[..(from + begin.Length)]}{table.ToMarkdown()}\n\n{Machine()}\n{text[until..]}");
    }

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture,
        $"*{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.FrameworkDescription}.*");

    private static string Processor() =>
        File.Exists("/proc/cpuinfo")
        && File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.OSArchitecture.ToString();
}

using System.Text;
using PointWebhooks.LocalHost;

namespace PointWebhooks.Tests.Support;

/// <summary>
/// Texts that a person has looked at and approved, each in a file that is shown with a change of it. With <c>APPROVE=true</c> in the
/// environment the files are written instead.
/// </summary>
internal static class ApprovedText
{
    /// <summary>Compares a text with the approved one.</summary>
    /// <param name="file">The file, in the folder of the tests.</param>
    public static void Check(string file, string text)
    {
        var path = Path.Combine(RepositoryRoot.Find(), "FunctionApp.Tests", file);
        if (Environment.GetEnvironmentVariable("APPROVE") == "true")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.That(text, Is.EqualTo(Encoding.UTF8.GetString(File.ReadAllBytes(path)).ReplaceLineEndings("\n")), $"APPROVE=true takes it over into {file}.");
    }
}

namespace PointWebhooks.Tests.Infra;

/// <summary>What can be said of the Bicep files without Azure.</summary>
internal sealed class BicepTests
{
    private static readonly Lazy<Task<string>> FormattedCopy = new(async () =>
    {
        var copy = Bicep.Copy();
        foreach (var pattern in (string[])["**/*.bicep", "*.bicepparam"])
            await Bicep.RunAsync(copy, "format", "--pattern", pattern, "--newline-kind", "LF", "--insert-final-newline");
        return copy;
    });

    [OneTimeTearDown]
    public async Task RemoveCopyAsync()
    {
        if (FormattedCopy.IsValueCreated)
            Directory.Delete(await FormattedCopy.Value, recursive: true);
    }

    // The CLI exits 0 on warnings, so it must say nothing at all.
    [TestCase("**/*.bicep")]
    [TestCase("*.bicepparam")]
    public async Task Linting_says_nothing(string pattern)
    {
        var lint = await Bicep.RunAsync(Bicep.Folder, "lint", "--pattern", pattern);

        Assert.That((lint.ExitCode, lint.Output + lint.Error), Is.EqualTo((0, "")));
    }

    [TestCaseSource(typeof(Bicep), nameof(Bicep.Files))]
    public async Task A_file_is_formatted(string file)
    {
        var formatted = await File.ReadAllTextAsync(Path.Combine(await FormattedCopy.Value, file));

        Assert.That(await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, file)), Is.EqualTo(formatted), Bicep.Update);
    }

    [TestCaseSource(typeof(Bicep), nameof(Bicep.ParameterFiles))]
    public async Task A_snapshot_shows_what_would_be_deployed(string parameterFile)
    {
        var snapshot = await Bicep.RunAsync(Bicep.Folder, ["snapshot", parameterFile, "--mode", "Validate", .. Bicep.SnapshotScope]);

        Assert.That((snapshot.ExitCode, snapshot.Error), Is.EqualTo((0, "")), $"{snapshot.Output}\n{Bicep.Update}");
    }

    [Test]
    public async Task The_template_of_the_portal_is_compiled_from_main_bicep()
    {
        var template = await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "azuredeploy.json"));

        Assert.That(template.Trim(), Is.EqualTo((await Bicep.BuildAsync()).Trim()), Bicep.Update);
    }
}

namespace PointWebhooks.Tests.Infra;

/// <summary>What can be said of the Bicep files without Azure.</summary>
[Explicit("Takes long; .ci/run asks for it.")]
[Category("Slow")]
internal sealed class BicepTests
{
    // The CLI exits 0 on warnings, so it must say nothing at all.
    [TestCase("infra/**/*.bicep")]
    [TestCase("**/*.bicepparam")]
    public async Task Linting_says_nothing(string pattern)
    {
        var lint = await Bicep.RunAsync("lint", "--pattern", pattern);

        Assert.That((lint.ExitCode, lint.Output + lint.Error), Is.EqualTo((0, "")));
    }

    // The CLI formats many files at once in their place only, so it formats a copy.
    [Test]
    public async Task Every_file_is_formatted()
    {
        var copy = Directory.CreateTempSubdirectory("bicep-").FullName;
        try
        {
            foreach (var file in Bicep.Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(copy, file))!);
                File.Copy(Path.Combine(Bicep.Root, file), Path.Combine(copy, file));
            }

            foreach (var pattern in (string[])["**/*.bicep", "**/*.bicepparam"])
                await Bicep.RunAsync("format", "--pattern", $"{copy}/{pattern}", "--newline-kind", "LF", "--insert-final-newline");

            Assert.That(
                Bicep.Files.Where(file => File.ReadAllText(Path.Combine(copy, file)) != File.ReadAllText(Path.Combine(Bicep.Root, file))),
                Is.Empty,
                Bicep.Update);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [TestCaseSource(typeof(Bicep), nameof(Bicep.ParameterFiles))]
    public async Task A_snapshot_shows_what_would_be_deployed(string parameterFile)
    {
        var snapshot = await Bicep.RunAsync(["snapshot", parameterFile, "--mode", "Validate", .. Bicep.SnapshotScope]);

        Assert.That((snapshot.ExitCode, snapshot.Error), Is.EqualTo((0, "")), $"{snapshot.Output}\n{Bicep.Update}");
    }

    [TestCase("infra/main.dev.bicepparam", "POINT_BASE_URL")]
    [TestCase("infra/main.prod.bicepparam", "ALERT_EMAIL")]
    [TestCase("infra/main.private.bicepparam", "ENDPOINT_SUBNET_ID")]
    public async Task What_is_not_set_stops_the_deployment_before_anything_is_made(string parameterFile, string variable)
    {
        var build = await Bicep.RunAsync(new Dictionary<string, string>(), "build-params", parameterFile, "--stdout");

        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Error, Does.Contain($"\"{variable}\" does not exist"));
    }

    [Test]
    public async Task The_template_of_the_portal_is_compiled_from_main_bicep()
    {
        var template = await File.ReadAllTextAsync(Path.Combine(Bicep.Folder, "azuredeploy.json"));

        Assert.That(template.Trim(), Is.EqualTo((await Bicep.BuildAsync()).Trim()), Bicep.Update);
    }
}

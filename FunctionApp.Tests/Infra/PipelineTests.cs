using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace PointWebhooks.Tests.Infra;

/// <summary>Azure Pipelines, GitHub Actions and the Azure Developer CLI: one way to deploy, by the same scripts in one order.</summary>
internal sealed partial class PipelineTests
{
    private const string AzurePipelines = "azure-pipelines.yml";
    private const string GitHubActions = ".github/workflows/pipeline.yml";
    private const string DeveloperCli = "azure.yaml";

    private static readonly string[] Steps =
    [
        ".ci/run", "tools/core-tools-check", "infra/scripts/Package.proj", "infra/scripts/what-if", "infra/scripts/deploy-identity",
        "infra/scripts/grant-role", "infra/scripts/deploy-infrastructure", "infra/scripts/deploy-code", "infra/scripts/after-deploy",
    ];

    [TestCase(AzurePipelines)]
    [TestCase(GitHubActions)]
    public void A_pipeline_takes_the_steps_in_their_order(string file) => Assert.That(Scripts(file), Is.EqualTo(Steps));

    [Test]
    public void The_Developer_CLI_grants_the_role_before_the_code_and_proves_the_deployment_after_it()
    {
        var hooks = (YamlMappingNode)Load(DeveloperCli).Children["hooks"];

        Assert.That(
            hooks.Children.Select(hook => $"{hook.Key} {Scripts(hook.Value).Single()}"),
            Is.EqualTo(["postprovision infra/scripts/grant-role", "postdeploy infra/scripts/after-deploy"]));
    }

    [Test]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win", Reason = "It has no such mode.")]
    public void Every_script_is_there_and_may_be_run() =>
        Assert.That(
            Steps.Where(step => !step.EndsWith(".proj", StringComparison.Ordinal))
                .Where(step => (File.GetUnixFileMode(Path.Combine(Bicep.Root, step)) & UnixFileMode.UserExecute) == 0),
            Is.Empty);

    [Test]
    public void The_Developer_CLI_finds_the_app_by_its_tag()
    {
        var services = (YamlMappingNode)Load(DeveloperCli).Children["services"];

        var app = Snapshot.Read("infra/main.dev.bicepparam").Of("Microsoft.Web/sites").Single();
        var tag = app.GetProperty("tags").GetProperty("azd-service-name").GetString();
        Assert.That(services.Children.Keys.Single().ToString(), Is.EqualTo(tag));
    }

    [Test]
    public async Task Actionlint_finds_nothing_in_the_workflow()
    {
        var workflow = await File.ReadAllTextAsync(Path.Combine(Bicep.Root, GitHubActions));

        Assert.That(await NodeTool.RunAsync("actionlint", "lint.js", workflow), Is.Empty);
    }

    [Test]
    public async Task Actionlint_finds_a_wrong_expression()
    {
        const string workflow = "on: push\njobs: { a: { runs-on: ubuntu-24.04, steps: [ { run: '${{ steps.none.outputs.x }}' } ] } }";

        Assert.That(await NodeTool.RunAsync("actionlint", "lint.js", workflow), Does.Contain("property \"none\" is not defined"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "It is a script of bash.")]
    public async Task The_check_on_Core_Tools_says_so_where_they_are_missing()
    {
        var environment = new Dictionary<string, string> { ["PATH"] = Path.Combine(Bicep.Root, "no-programs-here") };

        var check = await ChildProcess.RunAsync(Bicep.Root, "bash", ["tools/core-tools-check"], environment);

        Assert.That((check.ExitCode, check.Error), Is.EqualTo((0, "")));
        Assert.That(check.Output, Does.StartWith("SKIPPED: ").And.Contain("Core Tools"));
    }

    private static YamlMappingNode Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Bicep.Root, file));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static IEnumerable<string> Scripts(string file) => Scripts(Load(file));

    private static IEnumerable<string> Scripts(YamlNode node) =>
        from scalar in node.AllNodes.OfType<YamlScalarNode>()
        from Match script in ScriptPattern().Matches(scalar.Value!)
        select script.Value;

    [GeneratedRegex(@"(?<![\w./-])(\.ci/run|tools/core-tools-check|infra/scripts/[\w.-]+)(?![\w./-])")]
    private static partial Regex ScriptPattern();
}

using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using PointWebhooks.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PointWebhooks.Tests.Infra;

/// <summary>Azure Pipelines, GitHub Actions and the Azure Developer CLI: one way to deploy, by the same scripts in one order.</summary>
internal sealed partial class PipelineTests
{
    private const string AzurePipelines = "azure-pipelines.yml";
    private const string GitHubActions = ".github/workflows/pipeline.yml";
    private const string DeveloperCli = "azure.yaml";
    private const string Approval = "point-webhooks-prod";
    private const string AfterDeploy = "infra/scripts/after-deploy";

    private static readonly string[] Steps =
    [
        ".ci/run", "tools/core-tools-check", "infra/scripts/Package.proj", "infra/scripts/what-if", "infra/scripts/deploy-identity",
        "infra/scripts/grant-role", "infra/scripts/deploy-infrastructure", "infra/scripts/deploy-code", AfterDeploy,
    ];

    // Those that a rollback leaves out, and those that it takes.
    private static readonly string[] Infrastructure = Steps[4..7];
    private static readonly string[] Code = Steps[7..];

    [TestCase(AzurePipelines)]
    [TestCase(GitHubActions)]
    public void A_pipeline_takes_the_steps_in_their_order(string file) => Assert.That(Scripts(file), Is.EqualTo(Steps));

    [Test]
    public void GitHub_deploys_main_alone_after_an_approval_and_one_run_at_a_time()
    {
        var deploy = GitHubDeployment();

        Assert.That(Text(deploy, "environment"), Is.EqualTo(Approval));
        Assert.That(
            Text(deploy, "if"),
            Is.EqualTo(
                "!cancelled() && vars.AZURE_CLIENT_ID != '' && github.ref == 'refs/heads/main' && github.event_name != 'pull_request' "
                + "&& (inputs.rollback-to != '' || needs.build.result == 'success' && needs.preview.result != 'failure')"),
            "also for a rollback");
        var concurrency = At(deploy, "concurrency");
        Assert.That((Text(concurrency, "group"), Text(concurrency, "cancel-in-progress")), Is.EqualTo((Approval, "false")));
    }

    [Test]
    public void Azure_Pipelines_deploys_main_alone_after_an_approval_and_one_run_at_a_time()
    {
        var pipeline = Load(AzurePipelines);
        var stage = Items(pipeline, "stages").Single(one => Text(one, "stage") == "Deploy");
        var environment = Items(pipeline, "parameters").Single(one => Text(one, "name") == "environment");

        // A deployment: a job of another kind asks no environment for its approval.
        Assert.That(Text(AzureDeployment(), "deployment"), Is.EqualTo("Deploy"));
        Assert.That(Text(AzureDeployment(), "environment"), Is.EqualTo("${{ parameters.environment }}"));
        Assert.That(Text(environment, "default"), Is.EqualTo(Approval));
        Assert.That(
            Text(stage, "condition"),
            Is.EqualTo(
                "and(or(succeeded(), ne('${{ parameters.rollbackTo }}', 'none')), eq(variables['Build.SourceBranch'], 'refs/heads/main'))"),
            "also for a rollback");
        Assert.That(Text(pipeline, "lockBehavior"), Is.EqualTo("sequential"));
    }

    [Test]
    public void A_rollback_deploys_and_proves_the_code_and_leaves_the_infrastructure_alone()
    {
        var steps = Items(GitHubDeployment(), "steps").Where(step => Scripts(step).Any()).ToLookup(
            step => Text(step, "if"), step => Scripts(step).Single());
        Assert.That(steps["inputs.rollback-to == ''"], Is.EqualTo(Infrastructure));
        Assert.That(steps[null], Is.EqualTo(Code));

        var unlessRollback = AzureSteps().ToLookup(
            step => step.Children.ContainsKey("${{ if eq(parameters.rollbackTo, 'none') }}"), step => Scripts(step).ToList());
        Assert.That(unlessRollback[true].Single(), Is.EqualTo(Infrastructure));
        Assert.That(unlessRollback[false].SelectMany(scripts => scripts), Is.EqualTo(Code));
    }

    [Test]
    public void GitHub_hands_the_signature_key_on_to_what_proves_the_deployment()
    {
        var step = Items(GitHubDeployment(), "steps").Single(one => Scripts(one).Contains(AfterDeploy));

        Assert.That(Text(At(step, "env"), "POINT_SIGNATURE_KEY"), Is.EqualTo("${{ secrets.POINT_SIGNATURE_KEY }}"));
    }

    [TestCase("s3cret", "s3cret")]
    [TestCase("$(POINT_SIGNATURE_KEY)", "none", TestName = "A signature key that is not defined is handed on to nobody")]
    [UnsupportedOSPlatform("windows")]
    [Platform(Exclude = "Win", Reason = "It is a script of bash.")]
    public async Task Azure_Pipelines_hands_the_signature_key_on_to_what_proves_the_deployment(string variable, string expected)
    {
        var step = AzureSteps().Single(one => Scripts(one).Contains(AfterDeploy));
        Assert.That(Text(At(step, "env"), "SIGNATURE_KEY"), Is.EqualTo("$(POINT_SIGNATURE_KEY)"));
        var folder = Directory.CreateTempSubdirectory("pipeline-").FullName;
        try
        {
            var script = Path.Combine(folder, AfterDeploy);
            Directory.CreateDirectory(Path.GetDirectoryName(script)!);
            ScriptFile.Write(script, "#!/usr/bin/env bash\nprintf '%s' \"${POINT_SIGNATURE_KEY:-none}\"\n");
            var environment = new Dictionary<string, string> { ["SIGNATURE_KEY"] = variable, ["POINT_SIGNATURE_KEY"] = "" };

            var run = await ChildProcess.RunAsync(folder, "bash", ["-c", Text(At(step, "inputs"), "inlineScript")!], environment);

            Assert.That((run.ExitCode, run.Output), Is.EqualTo((0, expected)), run.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void The_Developer_CLI_grants_the_role_before_the_code_and_proves_the_deployment_after_it()
    {
        var hooks = (YamlMappingNode)Load(DeveloperCli).Children["hooks"];

        Assert.That(
            hooks.Children.Select(hook => $"{hook.Key} {Scripts(hook.Value).Single()}"),
            Is.EqualTo(["postprovision infra/scripts/grant-role", "postdeploy infra/scripts/after-deploy"]));
    }

    [TestCase("postprovision", "PRINCIPAL=$identityPrincipalId")]
    [TestCase("postdeploy", "APP=$functionAppName", "URL=$functionAppUrl")]
    public void A_hook_of_the_Developer_CLI_gives_its_script_what_the_deployment_has_made(string name, params string[] given)
    {
        var hook = At(Load(DeveloperCli), "hooks", name);
        var script = File.ReadAllText(Path.Combine(Bicep.Root, Scripts(hook).Single()));

        Assert.That(Text(hook, "run")!.Split(' '), Is.SupersetOf(given.Append("RESOURCE_GROUP=$AZURE_RESOURCE_GROUP")));
        var variables = given.Select(one => one.Split("=$")).ToList();
        Assert.That(variables.Where(one => !script.Contains($"${{{one[0]}:-", StringComparison.Ordinal)), Is.Empty, "it reads them");
        Assert.That(variables.Select(one => one[1]), Is.SubsetOf(Names("infra/azuredeploy.json", "outputs")));
    }

    [Test]
    public void The_Developer_CLI_gives_parameters_that_there_are_and_all_that_have_no_default()
    {
        var given = Names("infra/main.parameters.json", "parameters");

        Assert.That(given, Is.SubsetOf(Names("infra/azuredeploy.json", "parameters")));
        Assert.That(
            Properties("infra/azuredeploy.json", "parameters")
                .Where(parameter => !parameter.Value.TryGetProperty("defaultValue", out _)).Select(parameter => parameter.Name),
            Is.Not.Empty.And.SubsetOf(given));
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

    private static YamlMappingNode GitHubDeployment() => At(Load(GitHubActions), "jobs", "deploy");

    private static YamlMappingNode AzureDeployment() =>
        Items(Items(Load(AzurePipelines), "stages").Single(stage => Text(stage, "stage") == "Deploy"), "jobs").Single();

    private static IEnumerable<YamlMappingNode> AzureSteps() => Items(At(AzureDeployment(), "strategy", "runOnce", "deploy"), "steps");

    private static YamlMappingNode At(YamlMappingNode node, params string[] path) =>
        path.Aggregate(node, (at, key) => (YamlMappingNode)at.Children[key]);

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        ((YamlSequenceNode)node.Children[key]).Children.Cast<YamlMappingNode>();

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? value.ToString() : null;

    private static List<string> Names(string file, string section) => [.. Properties(file, section).Select(property => property.Name)];

    private static List<JsonProperty> Properties(string file, string section)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Bicep.Root, file)));
        return [.. json.RootElement.Clone().GetProperty(section).EnumerateObject()];
    }

    private static IEnumerable<string> Scripts(string file) => Scripts(Load(file));

    private static IEnumerable<string> Scripts(YamlNode node) =>
        from scalar in node.AllNodes.OfType<YamlScalarNode>()
        from Match script in ScriptPattern().Matches(scalar.Value!)
        select script.Value;

    [GeneratedRegex(@"(?<![\w./-])(\.ci/run|tools/core-tools-check|infra/scripts/[\w.-]+)(?![\w./-])")]
    private static partial Regex ScriptPattern();
}

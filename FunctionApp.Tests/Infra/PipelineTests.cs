using System.Text.RegularExpressions;
using PointWebhooks.LocalHost;
using YamlDotNet.RepresentationModel;

namespace PointWebhooks.Tests.Infra;

/// <summary>The pipeline and the file of the Azure Developer CLI: they parse, and what they name exists.</summary>
internal sealed partial class PipelineTests
{
    private static readonly string Root = RepositoryRoot.Find();

    private static readonly string[] Files = ["azure-pipelines.yml", "azure.yaml"];

    private static readonly string[] Paths = [.. Files.SelectMany(file => Scalars(Load(file))).SelectMany(NamedPaths).Distinct().Order()];

    [TestCaseSource(nameof(Paths))]
    public void A_path_that_is_named_exists(string path) =>
        Assert.That(Path.Combine(Root, path), Does.Exist);

    [Test]
    public void The_paths_are_found() =>
        Assert.That(
            Paths,
            Is.SupersetOf([".ci/run", "infra/scripts/Package.proj", "infra/scripts/register.sh", "infra/main.prod.bicepparam"]));

    [Test]
    public void The_stages_follow_one_another()
    {
        var stages = ((YamlSequenceNode)Load("azure-pipelines.yml").Children["stages"]).Cast<YamlMappingNode>().ToList();

        Assert.That(stages.Select(stage => Scalar(stage, "stage")), Is.EqualTo(["Build", "Preview", "Deploy"]));
        Assert.That(stages.Skip(1).Select(stage => Scalar(stage, "dependsOn")), Is.EqualTo(["Build", "Preview"]));
        Assert.That(Scalar(stages[1], "condition"), Does.Contain("refs/heads/main"));
    }

    [Test]
    public void The_deployment_waits_for_the_approval_of_its_environment()
    {
        var stages = (YamlSequenceNode)Load("azure-pipelines.yml").Children["stages"];

        var job = (YamlMappingNode)stages.Last()["jobs"].AllNodes.OfType<YamlSequenceNode>().First().Single();
        Assert.That(Scalar(job, "environment"), Is.EqualTo("${{ parameters.environment }}"));
    }

    [Test]
    public void The_pipeline_uses_the_Bicep_that_the_tests_use()
    {
        var pinned = VersionPattern().Match(File.ReadAllText(Path.Combine(Bicep.Folder, "Bicep.props"))).Groups["version"].Value;

        Assert.That(Scalar((YamlMappingNode)Load("azure-pipelines.yml").Children["variables"], "bicepVersion"), Is.EqualTo(pinned));
    }

    [Test]
    public void The_function_that_is_run_once_exists()
    {
        var register = File.ReadAllText(Path.Combine(Root, "infra", "scripts", "register.sh"));

        Assert.That(register, Does.Contain($"/admin/functions/{"RegisterEndpoint"}\""));
    }

    [Test]
    public async Task The_Azure_Developer_CLI_finds_the_app_by_its_tag()
    {
        var services = (YamlMappingNode)Load("azure.yaml").Children["services"];

        var tag = (await Deployment.OfAsync(Deployment.Small)).Value("Microsoft.Web/sites", "tags.azd-service-name");
        Assert.That(services.Children.Keys.Select(key => $"\"{key}\""), Is.EqualTo([tag]));
    }

    private static YamlMappingNode Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Root, file));
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    private static string Scalar(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[key]).Value!;

    private static IEnumerable<string> Scalars(YamlNode node) => node.AllNodes.OfType<YamlScalarNode>().Select(scalar => scalar.Value!);

    // What begins as a folder or project of this repository, at the beginning of a word.
    private static IEnumerable<string> NamedPaths(string text) =>
        PathPattern().Matches(text).Select(match => match.Value.TrimEnd('.', '/'));

    [GeneratedRegex(
        @"(?<=^|[\s""'])(\.ci|infra|FunctionApp|PointSimulator|LocalHost|docs)(/[\w./-]+)?(?=$|[\s""'])", RegexOptions.Multiline)]
    private static partial Regex PathPattern();

    [GeneratedRegex("<BicepVersion>(?<version>.*)</BicepVersion>")]
    private static partial Regex VersionPattern();
}

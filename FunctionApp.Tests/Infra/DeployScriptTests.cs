using System.Runtime.Versioning;
using PointWebhooks.Tests.Simulator.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Infra;

/// <summary>The scripts that documents and pipelines share, against a stand-in for the Azure CLI that answers as Azure does.</summary>
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "They are run with bash.")]
public sealed class DeployScriptTests
{
    private const string Identity = "99999999-9999-9999-9999-999999999999";

    private const string Graph = """
        *"deployment group show"*identityPrincipalId*) echo 99999999-9999-9999-9999-999999999999 ;;
        *"ad sp show --id api"*) printf 'the-api\tthe-role\n' ;;
        """;

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("scripts-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_role_that_is_there_is_not_granted_again()
    {
        Azure(Graph, """*"rest --method GET"*) echo an-assignment ;;""");

        var script = await RunAsync("grant-role");

        Assert.That((script.ExitCode, script.Output), Is.EqualTo((0, $"{Identity} has the role Point.Admin.\n")));
        Assert.That(Calls, Has.None.Contains("POST"));
    }

    [Test]
    public async Task A_missing_role_is_granted_by_who_may()
    {
        Azure(Graph, """*"rest --method GET"*) ;; *"rest --method POST"*) ;;""");

        var script = await RunAsync("grant-role");

        Assert.That((script.ExitCode, script.Output), Is.EqualTo((0, $"{Identity} has been granted the role Point.Admin.\n")));
        Assert.That(Calls[^1], Does.Contain($$"""--body {"principalId":"{{Identity}}","resourceId":"the-api","appRoleId":"the-role"}"""));
    }

    [TestCase("POINT_CLIENT_ID", "the-registration", "its-principal")]
    [TestCase("PRINCIPAL", "the-principal", "the-principal")]
    public async Task Who_holds_the_role_can_be_another_than_the_identity_that_was_made(string variable, string value, string holder)
    {
        Azure(
            """*"ad sp show --id the-registration --query id "*) echo its-principal ;;""",
            """*"ad sp show --id api"*) printf 'the-api\tthe-role\n' ;;""",
            """*"rest --method GET"*) ;; *"rest --method POST"*) ;;""");

        var script = await RunAsync("grant-role", (variable, value));

        Assert.That((script.ExitCode, script.Output), Is.EqualTo((0, $"{holder} has been granted the role Point.Admin.\n")), script.Error);
        Assert.That(Calls[^1], Does.Contain($"/servicePrincipals/{holder}/appRoleAssignments --body {{\"principalId\":\"{holder}\","));
    }

    [Test]
    public async Task Who_may_not_grant_the_role_is_told_what_to_ask_for_and_no_code_follows()
    {
        Azure(Graph, """*"rest --method GET"*) ;; *"rest --method POST"*) echo Forbidden >&2; exit 1 ;;""");

        var script = await RunAsync("grant-role");

        Assert.That(script.ExitCode, Is.EqualTo(1));
        Assert.That(script.Output, Does.Contain("Ask a Cloud Application Administrator"));
        Assert.That(script.Output, Does.Contain("\n  az rest --method POST --url https://"));
        Assert.That(script.Error, Does.Contain("no code is deployed"));
    }

    [Test]
    public async Task It_goes_on_when_somebody_else_has_granted_the_role()
    {
        Azure(Graph, """
            *"rest --method GET"*) [ "$(grep -c 'method GET' "$CALLS")" -lt 3 ] || echo an-assignment ;;
            *"rest --method POST"*) echo Forbidden >&2; exit 1 ;;
            """);

        var script = await RunAsync("grant-role", ("WAIT_MINUTES", "1"));

        Assert.That(script.ExitCode, Is.Zero, script.Error);
        Assert.That(script.Output, Does.EndWith($"{Identity} has the role Point.Admin now.\n"));
    }

    [TestCase("", 1)]
    [TestCase("another-id", 1)]
    [TestCase(Identity, 0)]
    public async Task A_pipeline_that_may_not_read_Entra_ID_takes_the_word_of_who_granted_the_role(string granted, int expected)
    {
        Azure("""
            *"deployment group show"*identityPrincipalId*) echo 99999999-9999-9999-9999-999999999999 ;;
            *"ad sp show"*) echo Forbidden >&2; exit 1 ;;
            """);

        var script = await RunAsync("grant-role", ("POINT_ROLE_GRANTED", granted));

        Assert.That(script.ExitCode, Is.EqualTo(expected));
        Assert.That(script.Output + script.Error, Does.Contain(Identity).And.Contain("POINT_ROLE_GRANTED"));
    }

    [TestCase("infra/main.prod.bicepparam", "environmentName=prod")]
    [TestCase("FunctionApp.Tests/Infra/full.bicepparam", "environmentName=test workload=hooks location=northeurope")]
    public async Task The_identity_is_made_with_the_names_and_where_the_parameter_file_says(string parameters, string given)
    {
        Azure("""*"deployment group show"*) echo 99999999-9999-9999-9999-999999999999 ;; *) ;;""");

        var script = await RunAsync("deploy-identity", ("PARAMETERS", parameters));

        Assert.That(script.ExitCode, Is.Zero, script.Error);
        Assert.That(Calls, Has.Some.Contains($"--template-file infra/identity.bicep --parameters {given} --output none"));
    }

    [TestCase("deploy-infrastructure", "create --resource-group the-group --name main --parameters infra/main.dev.bicepparam ")]
    [TestCase("what-if", "what-if --resource-group the-group --parameters infra/main.dev.bicepparam ")]
    public async Task The_infrastructure_is_that_of_the_group_and_of_the_parameter_file(string name, string call)
    {
        Azure("""*"bicep install --version v"*) ;; *"deployment group"*) echo 'what Azure says' ;;""");

        var script = await RunAsync(name, ("PARAMETERS", "infra/main.dev.bicepparam"));

        Assert.That((script.ExitCode, script.Output), Is.EqualTo((0, "what Azure says\n")), script.Error);
        Assert.That(Calls[^1], Does.StartWith($"deployment group {call}"));
    }

    [Test]
    public async Task The_code_is_deployed_again_until_the_roles_have_spread()
    {
        var package = Path.Combine(folder, "app.zip");
        await File.WriteAllTextAsync(package, "");
        Azure("""
            *config-zip*) [ "$(grep -c config-zip "$CALLS")" -eq 3 ] || { echo 'Forbidden (403)' >&2; exit 1; } ;;
            """);

        var script = await RunAsync("deploy-code", [package], ("APP", "the-app"));

        Assert.That((script.ExitCode, script.Output), Is.EqualTo((0, $"{package} is deployed to the-app.\n")));
        Assert.That(script.Error, Does.Contain("not yet (Forbidden (403))"));
        Assert.That(Calls, Has.All.StartsWith(
            $"functionapp deployment source config-zip --resource-group the-group --name the-app --src {package} "));
    }

    [Test]
    public async Task Code_that_cannot_be_deployed_is_given_up_on()
    {
        var package = Path.Combine(folder, "app.zip");
        await File.WriteAllTextAsync(package, "");
        Azure("""*config-zip*) echo 'Forbidden (403)' >&2; exit 1 ;;""");

        var script = await RunAsync("deploy-code", [package], ("APP", "the-app"), ("RETRIES", "3"));

        Assert.That(script.ExitCode, Is.EqualTo(1));
        Assert.That(Calls, Has.Length.EqualTo(3));
        Assert.That(script.Error, Does.EndWith("it goes on failing.\n"));
    }

    [Test]
    public async Task A_package_that_was_not_made_is_asked_for()
    {
        Azure("");

        var script = await RunAsync("deploy-code", ["missing.zip"]);

        Assert.That((script.ExitCode, Calls.Length), Is.EqualTo((1, 0)));
        Assert.That(script.Error, Does.Contain("Run: dotnet msbuild infra/scripts/Package.proj"));
    }

    [Test]
    public async Task A_deployment_is_proved_although_the_host_gives_its_keys_late()
    {
        await using var app = await FakeApp.StartAsync();
        var version = Path.Combine(folder, "app.version");
        await File.WriteAllTextAsync(version, $"{app.Version}\n");
        Azure($$"""
            *functionAppName*) echo the-app ;;
            *functionAppUrl*) echo {{app.Url}} ;;
            *"keys list --resource-group the-group --name the-app"*)
              [ "$(grep -c 'keys list' "$CALLS")" -eq 2 ] || { echo 'Operation returned BadRequest' >&2; exit 1; }
              echo '{{FakeApp.MasterKey}}' ;;
            """);
        // The program that is built already, instead of building it once more.
        var program = Path.Combine(TestContext.CurrentContext.TestDirectory, "PointSimulator.dll");
        Program("dotnet", $"real=$(PATH=${{PATH#*:}} command -v dotnet)\nshift 4\nexec \"$real\" '{program}' \"$@\"");

        var script = await RunAsync("after-deploy", [version], ("POINT_SIGNATURE_KEY", "any"));

        Assert.That(script.ExitCode, Is.Zero, script.Output + script.Error);
        Assert.That(script.Output, Does.Contain("RegisterEndpoint says registered").And.Contain($"version {app.Version}."));
        Assert.That(script.Output + script.Error, Does.Not.Contain(FakeApp.MasterKey));
    }

    [TestCase("what-if")]
    [TestCase("deploy-identity")]
    [TestCase("deploy-infrastructure")]
    [TestCase("grant-role")]
    [TestCase("deploy-code")]
    [TestCase("after-deploy")]
    public async Task A_script_says_what_to_set(string name)
    {
        Azure("");

        var script = await RunAsync(name, ("RESOURCE_GROUP", ""));

        Assert.That((script.ExitCode, script.Error), Is.EqualTo((1, "Set RESOURCE_GROUP: the resource group of the app\n")));
    }

    private string[] Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(folder, "calls");

    // What the Azure CLI answers, as cases of bash; anything else is an error.
    private void Azure(params IEnumerable<string> cases) => Program("az", $"""
        printf '%s\n' "$*" >> "$CALLS"
        case "$*" in
        {string.Join('\n', cases)}
        *) echo "not expected: $*" >&2; exit 9 ;;
        esac
        """);

    private void Program(string name, string script) =>
        ScriptFile.Write(Path.Combine(folder, name), $"#!/usr/bin/env bash\n{script}\n");

    private Task<ChildProcess.Result> RunAsync(string script, params (string Name, string Value)[] environment) =>
        RunAsync(script, [], environment);

    private Task<ChildProcess.Result> RunAsync(string script, string[] arguments, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = $"{folder}:{Environment.GetEnvironmentVariable("PATH")}",
            ["CALLS"] = Log,
            ["RETRY_SECONDS"] = "0",
            ["RESOURCE_GROUP"] = "the-group",
            ["POINT_API_CLIENT_ID"] = "api",
            ["POINT_CLIENT_ID"] = "",
        };
        foreach (var (name, value) in environment)
            variables[name] = value;
        return ChildProcess.RunAsync(Bicep.Root, "bash", [$"infra/scripts/{script}", .. arguments], variables);
    }
}

using System.Text.Json;

namespace PointWebhooks.Tests.Infra;

/// <summary>What the compiled template leaves behind in the history of deployments, which every reader of the resource group sees.</summary>
internal sealed class TemplateTests
{
    private string text = "";
    private JsonElement template;

    [OneTimeSetUp]
    public async Task CompileAsync()
    {
        text = await Bicep.BuildAsync();
        using var json = JsonDocument.Parse(text);
        template = json.RootElement.Clone();
    }

    [Test]
    public void There_are_no_keys_of_accounts() =>
        Assert.That(text, Does.Not.Contain("listKeys").And.Not.Contain("listAccountSas").And.Not.Contain("AccountKey="));

    [Test]
    public void Nothing_secret_is_a_parameter() =>
        Assert.That(
            template.GetProperty("parameters").EnumerateObject().Select(parameter => parameter.Value.GetRawText()),
            Has.None.Contains("\"secure"));

    [Test]
    public void An_output_is_a_name_an_address_or_an_id()
    {
        var modules = template.GetProperty("resources").EnumerateObject()
            .Where(resource => resource.Value.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .Select(module => module.Value.GetProperty("properties").GetProperty("template"));

        string[] expected =
        [
            "functionAppName", "functionAppUrl", "endpointUrl", "identityPrincipalId", "storageAccountName", "vaultName",
            "deploymentContainerUrl", "hostName", "receiverUrl", "actionGroups",
        ];
        Assert.That(modules.Prepend(template).SelectMany(Outputs).Distinct(), Is.EquivalentTo(expected));
    }

    private static IEnumerable<string> Outputs(JsonElement module) =>
        module.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateObject().Select(output => output.Name) : [];
}

using System.Text.Json;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Infra;

/// <summary>The compiled template, with what a deployment leaves behind in its history.</summary>
public sealed class TemplateTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Bicep.Folder, "azuredeploy.json"));

    private static readonly JsonElement Template = JsonDocument.Parse(Text).RootElement.Clone();

    [Test]
    public void There_are_no_keys_of_accounts() =>
        Assert.That(Text, Does.Not.Contain("listKeys").And.Not.Contain("listAccountSas").And.Not.Contain("AccountKey="));

    [Test]
    public void Nothing_secret_is_a_parameter() =>
        Assert.That(Parameters(Template).Select(parameter => parameter.Value.GetProperty("type").GetString()), Has.None.StartsWith("secure"));

    [Test]
    public void An_output_is_a_name_an_address_or_an_id()
    {
        var names = Template.GetProperty("outputs").EnumerateObject().Select(output => output.Name);

        // A new one belongs here only if the history of deployments, which every reader of the resource group sees, may show it.
        Assert.That(names, Is.EquivalentTo(["functionAppName", "functionAppHostName", "endpointUrl", "identityPrincipalId", "vaultName"]));
    }

    [Test]
    public void The_outputs_of_modules_are_names_and_addresses_too()
    {
        var outputs = Template.GetProperty("resources").EnumerateObject()
            .Where(resource => resource.Value.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .SelectMany(module => Outputs(module.Value.GetProperty("properties").GetProperty("template")));

        Assert.That(outputs, Is.EquivalentTo(["deploymentContainerUrl", "hostName", "receiverUrl"]));
    }

    [Test]
    public void The_endpoint_is_where_the_code_receives() =>
        Assert.That(Text, Does.Contain($"'https://{{0}}{PointOptionsDefaults.ReceiverPath}'"));

    [Test]
    public void Every_parameter_says_what_it_is_for() =>
        Assert.That(Parameters(Template).Where(parameter => !parameter.Value.TryGetProperty("metadata", out _)).Select(parameter => parameter.Name), Is.Empty);

    private static JsonElement.ObjectEnumerator Parameters(JsonElement template) => template.GetProperty("parameters").EnumerateObject();

    private static IEnumerable<string> Outputs(JsonElement template) =>
        template.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateObject().Select(output => output.Name) : [];
}

using System.Text.Json;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Infra;

/// <summary>The compiled template, with what a deployment leaves behind in its history.</summary>
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
        Assert.That(Parameters().Select(parameter => parameter.Value.GetRawText()), Has.None.Contains("\"secure"));

    [Test]
    public void An_output_is_a_name_an_address_or_an_id()
    {
        var names = template.GetProperty("outputs").EnumerateObject().Select(output => output.Name);

        // A new one belongs here only if the history of deployments, which every reader of the resource group sees, may show it.
        Assert.That(names, Is.EquivalentTo(["functionAppName", "functionAppHostName", "endpointUrl", "identityPrincipalId", "vaultName"]));
    }

    [Test]
    public void The_outputs_of_modules_are_names_and_addresses_too()
    {
        var outputs = template.GetProperty("resources").EnumerateObject()
            .Where(resource => resource.Value.GetProperty("type").GetString() == "Microsoft.Resources/deployments")
            .SelectMany(module => Outputs(module.Value.GetProperty("properties").GetProperty("template")));

        Assert.That(outputs, Is.EquivalentTo(["deploymentContainerUrl", "hostName", "receiverUrl"]));
    }

    [Test]
    public void The_endpoint_is_where_the_code_receives() =>
        Assert.That(text, Does.Contain($"'https://{{0}}{PointOptions.ReceiverPath}'"));

    [Test]
    public void Every_parameter_says_what_it_is_for() =>
        Assert.That(Parameters().Where(parameter => !parameter.Value.TryGetProperty("metadata", out _)), Is.Empty);

    private JsonElement.ObjectEnumerator Parameters() => template.GetProperty("parameters").EnumerateObject();

    private static IEnumerable<string> Outputs(JsonElement module) =>
        module.TryGetProperty("outputs", out var outputs) ? outputs.EnumerateObject().Select(output => output.Name) : [];
}

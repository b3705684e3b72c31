using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>By what name operators know an instance.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class AppInstanceTests
{
    [TestCase("4f1a7c09e2d5b8", "container", "4f1a7c09e2d5", TestName = "App Service has named it")]
    [TestCase(null, "0a1b2c3d-638000000000000000", "0a1b2c3d-638", TestName = "Flex Consumption has named its container")]
    [TestCase(null, null, "machine", TestName = "Only its machine has a name")]
    public void An_instance_is_called_as_its_platform_calls_it(string? instance, string? container, string expected)
    {
        var environment = new Dictionary<string, string?> { ["WEBSITE_INSTANCE_ID"] = instance, ["CONTAINER_NAME"] = container };

        Assert.That(AppInstance.NameOf(environment.GetValueOrDefault, "machine"), Is.EqualTo(expected));
    }
}

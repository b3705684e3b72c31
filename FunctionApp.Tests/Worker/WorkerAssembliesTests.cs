using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>A process that is started on demand loads nothing it has no use for.</summary>
internal sealed class WorkerAssembliesTests
{
    [Test]
    public async Task What_only_handlers_of_the_settings_use_is_not_loaded_without_them()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("/proc says which files a process has mapped.");

        await using var app = await WorkerApp.StartAsync();
        await app.AcceptAsync("ProvisioningStarted", "one");
        var mapped = (await File.ReadAllLinesAsync($"/proc/{app.Host.Process.Id}/maps")).Select(line => Path.GetFileName(line)).Distinct().ToList();

        Assert.That(mapped, Does.Contain("FunctionApp.dll"), "else this would see nothing");
        Assert.That(
            mapped.Intersect(["Fluid.dll", "Azure.Messaging.EventGrid.dll", "Azure.Messaging.ServiceBus.dll", "Microsoft.Azure.Amqp.dll"]), Is.Empty);
    }
}

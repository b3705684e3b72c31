using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>The settings of a machine, in its environment and its local.settings.json, are for LocalHost; tests run without them.</summary>
internal sealed class MachineSettingsTests
{
    private const string OfTheFile = "Planted:Setting";

    // Every machine has it.
    private const string OfTheEnvironment = "PATH";

    [Test]
    public async Task The_functions_have_the_settings_that_they_are_given_and_no_others()
    {
        using var repository = new CleanRepository();
        await File.WriteAllTextAsync(
            Path.Combine(repository.Folder, "local.settings.json"),
            """{ "IsEncrypted": false, "Values": { "Planted__Setting": "somebody's" } }""");
        var machine = FunctionsHost.AddSettings(new ConfigurationBuilder(), repository.Folder).Build();

        await using var app = FunctionsHost.Build(repository.Folder, 0, settings => settings.AddConfiguration(ValidSettings.With()));

        Assert.That(machine[OfTheFile], Is.EqualTo("somebody's"));
        Assert.That(machine[OfTheEnvironment], Is.Not.Null);
        Assert.That(new[] { OfTheFile, OfTheEnvironment }.Select(name => app.Configuration[name]), Is.All.Null);
        Assert.That(app.Configuration["Point:ApiClientId"], Is.EqualTo(ValidSettings.Id));
    }

    [Test]
    public async Task An_app_under_test_has_none_of_the_machine()
    {
        await using var app = await TestApp.StartAsync(isProcessing: false, isTiming: false);

        Assert.That(app.Services.GetRequiredService<IConfiguration>()[OfTheEnvironment], Is.Null);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Simulation.Http;
using static PointWebhooks.Tests.Registration.RegisteringApp;

namespace PointWebhooks.Tests.Registration;

/// <summary>What an operator reads of a run of the registration: level and words of each message.</summary>
internal sealed class RegistrationLogTests
{
    private FakeLoggerProvider log = null!;

    [SetUp]
    public void Listen() => log = new FakeLoggerProvider();

    [TearDown]
    public void StopListening() => log.Dispose();

    [Test]
    public async Task What_came_of_a_run()
    {
        await using var app = await RegisteringApp.StartAsync(log: log);
        await app.RegisterAsync();
        await app.RegisterAsync();

        Assert.That(Said(), Is.EqualTo([Done("registered"), Done("in-place")]));
    }

    [Test]
    public async Task An_earlier_url_that_is_removed_and_one_that_is_not()
    {
        await using var app = await RegisteringApp.StartAsync(log: log);
        app.Point.Register(Url + "?code=old", "*");
        await app.RegisterAsync();
        app.Point.Register(Url + "?code=older", "*");
        app.Point.Answer = request => request.Method == "DELETE" ? Results.StatusCode(400) : null;
        await app.RegisterAsync();

        Assert.That(Said(), Is.EqualTo(
        [
            (44, LogLevel.Information, "An earlier url of this app was removed from Syskit Point."),
            Done("registered"),
            (
                45,
                LogLevel.Warning,
                "An earlier url of this app could not be removed from Syskit Point: "
                + "Syskit Point answered DELETE /v1.0/webhooks/endpoints with 400."),
            Done("in-place"),
        ]));
    }

    [Test]
    public async Task A_second_registration_that_is_refused()
    {
        await using var app = await RegisteringApp.StartAsync(log: log);
        app.Point.Register(Url, "ProvisioningFailed");
        app.Point.SecondPost = SecondPost.Fails;
        await app.RegisterAsync();

        Assert.That(Said(), Is.EqualTo(
        [
            (
                43,
                LogLevel.Information,
                "Syskit Point answered 500 to a second registration of the endpoint. The endpoint is removed and registered again."),
            Done("repaired"),
        ]));
    }

    [Test]
    public async Task An_edition_that_cannot_list()
    {
        await using var app = await RegisteringApp.StartAsync(log: log);
        app.Point.IsOldEdition = true;
        await app.RegisterAsync();

        Assert.That(Said(), Is.EqualTo(
        [
            (
                42,
                LogLevel.Warning,
                "This Syskit Point cannot list its endpoints (before Enterprise 2025.5): "
                + "the endpoint is registered again in every run and cannot be verified."),
            Done("registered"),
        ]));
    }

    [Test]
    public async Task A_storage_that_refuses()
    {
        await using var app = await RegisteringApp.StartAsync(log: log, path: (call, _) => Task.FromResult(
            SimulatedStorage.Refuse(call.Request, new StorageException(403, "AuthenticationFailed", "The key is another."))));
        await app.RunAsync();

        var notKept = (
            41, LogLevel.Warning, "The result of the registration could not be stored or read. The registration itself continues.");
        Assert.That(Said(), Is.EqualTo([notKept, notKept, Done("registered")]));
    }

    private static (int Id, LogLevel Level, string Text) Done(string result) =>
        (40, LogLevel.Information, $"The endpoint is registered with Syskit Point. Result of this run: {result}.");

    private List<(int Id, LogLevel Level, string Text)> Said() =>
    [
        .. log.Collector.GetSnapshot()
            .Where(entry => entry.Category?.StartsWith("PointWebhooks.Registration", StringComparison.Ordinal) == true)
            .Select(entry => (entry.Id.Id, entry.Level, entry.Message)),
    ];
}

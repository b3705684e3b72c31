using System.Net;
using System.Text.Json;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>Attempts, retries and their end, with the real queues and a schedule of a second.</summary>
internal sealed class EventProcessorTests
{
    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await TestApp.StartAsync(settings: new()
    {
        ["Retry:Schedule:0"] = "00:00:01",
        ["Retry:Schedule:1"] = "00:00:01",
    });

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [Test]
    public async Task A_handler_that_fails_is_run_again_and_those_that_had_finished_are_not()
    {
        var key = Guid.NewGuid().ToString();
        var attempts = 0;
        app.Records.Failing[key] = () => attempts++ < 2 ? new InvalidOperationException("downstream is down") : null;
        await app.SendAsync("ProvisioningCompleted", key);
        var completed = await app.EventInAsync("Completed", key);
        Assert.That(attempts, Is.EqualTo(3));
        Assert.That(completed.GetProperty("attempts").GetInt32(), Is.EqualTo(2));
        Assert.That(completed.GetProperty("lastError").GetString(), Is.EqualTo("RecordingHandler: downstream is down"));
        Assert.That(app.Records.Of(key), Is.EqualTo(1));
        Assert.That(Handlers(completed).Count(name => name == "LogEventHandler"), Is.EqualTo(1), "a finished handler is not run again");
    }

    [Test]
    public async Task A_shutdown_is_no_attempt_and_the_event_is_processed_after_it()
    {
        var key = Guid.NewGuid().ToString();
        var first = await TestApp.StartAsync();
        var isRunning = new TaskCompletionSource();
        first.Records.BeforeEach = async (_, cancellationToken) =>
        {
            isRunning.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };
        await first.SendAsync("ProvisioningCompleted", key);
        await Eventually.TrueAsync(() => isRunning.Task.IsCompleted, "the handler runs");
        await first.DisposeAsync();

        await using var second = await TestApp.StartAsync(storage: first.Storage);
        var completed = await second.EventInAsync("Completed", key);
        Assert.That(completed.GetProperty("attempts").GetInt32(), Is.Zero);
        Assert.That(second.Records.Of(key), Is.EqualTo(1));
    }

    [Test]
    public async Task An_event_received_before_a_restart_is_processed_after_it()
    {
        var key = Guid.NewGuid().ToString();
        var receiver = await TestApp.StartAsync(isProcessing: false);
        Assert.That(await receiver.SendAsync("ProvisioningCompleted", key), Is.EqualTo(HttpStatusCode.Accepted));
        await receiver.DisposeAsync();
        Assert.That(receiver.Records.Of(key), Is.Zero);

        await using var processor = await TestApp.StartAsync(storage: receiver.Storage);
        await processor.EventInAsync("Completed", key);
        Assert.That(processor.Records.Of(key), Is.EqualTo(1));
    }

    private static IEnumerable<string?> Handlers(JsonElement found) =>
        found.GetProperty("history").EnumerateArray().Select(entry => entry.TryGetProperty("detail", out var detail) ? detail.GetString() : null);
}

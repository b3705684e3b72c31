using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Tests.Handlers.Outgoing;

/// <summary>What operators see of the runs of a handler.</summary>
internal sealed class HandlerHealthTests
{
    [TestCase(0, 0, null)]
    [TestCase(3, 0, 100.0)]
    [TestCase(0, 3, 0.0)]
    [TestCase(2, 1, 66.6)]
    [TestCase(99_999, 1, 99.9)]
    public void All_have_succeeded_only_when_none_has_failed(long succeeded, long failed, double? rate) =>
        Assert.That(new HandlerHealth("jira-it", succeeded, failed, null).SuccessRate, Is.EqualTo(rate));

    [TestCase(true)]
    [TestCase(false)]
    public async Task Runs_are_counted_by_how_they_end(bool isLimited)
    {
        using var gates = new HandlerGates(new FakeTimeProvider(), new FakeLogger<HandlerGate>());
        var handler = new HandlerRegistration("log", typeof(LogEventHandler), isLimited ? new HandlerLimits() : null);
        var circuit = isLimited ? "closed" : null;
        Assert.That(gates.HealthOf(handler), Is.EqualTo(new HandlerHealth("log", 0, 0, circuit)));

        await gates.RunAsync(handler, _ => Task.CompletedTask, () => Task.FromResult(true), CancellationToken.None);
        await gates.RunAsync(handler, _ => Task.CompletedTask, () => Task.FromResult(false), CancellationToken.None);
        Assert.ThrowsAsync<PermanentFailureException>(() => gates.RunAsync(
            handler,
            _ => throw new PermanentFailureException("no such project"),
            () => Task.FromResult(true),
            CancellationToken.None));
        using var stopping = new CancellationTokenSource();
        Assert.CatchAsync<OperationCanceledException>(() => gates.RunAsync(
            handler,
            async stop =>
            {
                await stopping.CancelAsync();
                stop.ThrowIfCancellationRequested();
            },
            () => Task.FromResult(true),
            stopping.Token));

        Assert.That(gates.HealthOf(handler), Is.EqualTo(new HandlerHealth("log", 1, 1, circuit)));
    }
}

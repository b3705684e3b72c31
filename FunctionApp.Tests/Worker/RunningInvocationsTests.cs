using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace PointWebhooks.Tests.Worker;

/// <summary>What the log says of a stop; that the process waits is for <see cref="WorkerShutdownTests"/>.</summary>
internal sealed class RunningInvocationsTests
{
    private FakeLogger<RunningInvocations> log = null!;
    private RunningInvocations invocations = null!;

    [SetUp]
    public void Start()
    {
        log = new FakeLogger<RunningInvocations>();
        invocations = new RunningInvocations(log);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public async Task It_counts_what_is_waited_for(int count)
    {
        var work = new TaskCompletionSource();
        await InvokeAsync(Task.CompletedTask);
        var running = Enumerable.Range(0, count).Select(_ => InvokeAsync(work.Task)).ToList();

        var stopping = invocations.StopAsync(CancellationToken.None);
        work.SetResult();
        await Task.WhenAll(running.Append(stopping));

        Assert.That(Said(), Is.EqualTo([(90, LogLevel.Information, $"Stopping. Waiting for {count} running invocations to end.")]));
    }

    [Test]
    public async Task It_counts_what_is_left_when_the_time_is_up()
    {
        var (quick, slow) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = new[] { InvokeAsync(quick.Task), InvokeAsync(slow.Task), InvokeAsync(slow.Task) };
        using var timeout = new CancellationTokenSource();

        var stopping = invocations.StopAsync(timeout.Token);
        quick.SetResult();
        await running[0];
        await timeout.CancelAsync();
        await stopping;

        Assert.That(Said(), Is.EqualTo(
        [
            (90, LogLevel.Information, "Stopping. Waiting for 3 running invocations to end."),
            (91, LogLevel.Warning, "Stopping while 2 invocations still run. Their events are processed again when their leases end."),
        ]));
        slow.SetResult();
        await Task.WhenAll(running);
    }

    private Task InvokeAsync(Task work) => invocations.Invoke(null!, _ => work);

    private List<(int Id, LogLevel Level, string Text)> Said() =>
        [.. log.Collector.GetSnapshot().Select(record => (record.Id.Id, record.Level, record.Message))];
}

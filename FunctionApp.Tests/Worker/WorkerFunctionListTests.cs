using PointWebhooks.Tests.Functions;

namespace PointWebhooks.Tests.Worker;

/// <summary>What the worker tells the host of its functions, from which the host makes its routes, pollers and timers.</summary>
internal sealed class WorkerFunctionListTests : WorkerTests
{
    [Test]
    public void The_worker_lists_the_functions_and_their_triggers() => Assert.That(
        App.Host.Functions.Values.Select(function => function.ToString()).Order(StringComparer.Ordinal),
        Is.EqualTo(ExpectedFunctions.All));

    [Test]
    public void The_worker_takes_requests_over_HTTP() => Assert.That(
        App.Host.Capabilities.GetValueOrDefault("HttpUri"), Does.StartWith("http://"));

    [Test]
    public void Queue_messages_arrive_as_the_host_received_them() => Assert.That(
        App.Host.Functions.Values
            .Where(function => function.TriggerType == "queueTrigger").Select(function => function.HasDeferredBinding),
        Is.Not.Empty.And.All.True);
}

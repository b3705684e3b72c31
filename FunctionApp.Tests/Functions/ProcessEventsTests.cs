using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Functions;
using PointWebhooks.Handlers;
using PointWebhooks.Ledger;
using PointWebhooks.Queues;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Functions;

/// <summary>Each function of a queue hands on that the app stops.</summary>
internal sealed class ProcessEventsTests() : SimulatedAppTests(services => services.AddEventHandler<RecordingHandler>())
{
    [TestCase("ProvisioningStarted", nameof(ProcessEvents.StartedAsync))]
    [TestCase("ProvisioningCompleted", nameof(ProcessEvents.CompletedAsync))]
    [TestCase("ProvisioningFailed", nameof(ProcessEvents.FailedAsync))]
    [TestCase("WorkspaceArchived", nameof(ProcessEvents.UnknownAsync))]
    public void An_event_that_is_at_work_when_the_app_stops_is_given_back_untried(string type, string function)
    {
        App.Insert("key", type);
        using var stopping = new CancellationTokenSource();
        App.Records.BeforeEach = async (_, told) =>
        {
            stopping.Cancel();
            await VirtualWait.Async(TimeSpan.FromDays(1), App.Time, told);
        };

        Assert.That(() => App.Run(() => RunAsync(function, type, stopping.Token)), Throws.InstanceOf<OperationCanceledException>());

        var found = App.Find("key", type)!;
        Assert.That((found.State, found.Attempts), Is.EqualTo((EventState.Received, 0)));
    }

    private async Task RunAsync(string function, string type, CancellationToken stopping)
    {
        await using var scope = App.Get<IServiceScopeFactory>().CreateAsyncScope();
        await typeof(ProcessEvents).GetMethod(function)!.CreateDelegate<Func<BinaryData, CancellationToken, Task>>(
            ActivatorUtilities.CreateInstance<ProcessEvents>(scope.ServiceProvider))(new EventMessage(type, "key", null).ToBinaryData(), stopping);
    }
}

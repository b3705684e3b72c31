using PointWebhooks.Ledger;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Processing;

/// <summary>What instances that work side by side cost each other: nothing, as no two events share a row.</summary>
internal sealed class ContentionTests
{
    private const int Events = 320;

    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(5);

    [Test]
    public void Sixteen_instances_make_the_calls_of_one_in_a_sixteenth_of_its_time()
    {
        var (calls, alone) = Work(instances: 1);
        var (callsOfMany, together) = Work(instances: 16);

        Assert.That(calls, Is.EqualTo((Events, Events, Events, Events)), "inserted, claimed, completed and deleted once each");
        Assert.That(callsOfMany, Is.EqualTo(calls));
        // The last rounds are not full.
        Assert.That(together, Is.LessThan(alone / 16 * 1.1));
    }

    // Each instance receives its share of the events, one after the other, and then processes what it finds in the queue.
    private static ((int Inserted, int Claimed, int Completed, int Deleted) Calls, TimeSpan Taken) Work(int instances)
    {
        var account = new SimulatedAccount();
        var apps = Enumerable.Range(0, instances).Select(_ => new SimulatedApp(account) { OnTheWay = OnTheWay }).ToList();
        var calls = account.Storage.Calls;
        var begun = account.Now;
        Together(apps, async (app, i) =>
        {
            for (var one = i; one < Events; one += instances)
                await app.ReceiveAsync(SimulatedApp.Body($"key-{one}"));
        });
        var inserted = calls.Of(StorageOperation.Transaction);
        Together(apps, async (app, _) =>
        {
            while (await app.DeliverAsync())
            {
                // The next one.
            }
        });
        var taken = account.Now - begun;

        Assert.That(Enumerable.Range(0, Events).Select(i => apps[0].Find($"key-{i}")!.State), Is.All.EqualTo(EventState.Completed));
        apps.ForEach(app => app.Dispose());
        return (
            (inserted, calls.Of(StorageOperation.MergeEntity), calls.Of(StorageOperation.Transaction) - inserted, calls.Of(StorageOperation.DeleteMessage)),
            taken);
    }

    private static void Together(List<SimulatedApp> apps, Func<SimulatedApp, int, Task> work)
    {
        var begun = apps.Select((app, i) => app.Begin(async () =>
        {
            await work(app, i);
            return true;
        })).ToList();
        foreach (var (app, one) in apps.Zip(begun))
            app.End(one);
    }
}

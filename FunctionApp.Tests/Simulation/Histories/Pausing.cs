using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Operations;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>An operator who pauses handlers, each once, and resumes it some time later; asks again until it is acknowledged.</summary>
internal sealed class Pausing(World world, SimulatedHost host)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(20);

    // What was asked and not answered may still take effect: the operator does not take back at once what took two presses.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);

    private IReadOnlyList<string> Handlers => world.Plan.HasHandlers
        ? ["jira-it", "servicenow-desk", "teams-team", "http-others"]
        : [nameof(FirstHandler), nameof(SecondHandler)];

    /// <summary>How many are still to be resumed.</summary>
    public int Open { get; private set; }

    /// <summary>Plans the pauses of a time of trouble.</summary>
    public void Over(TimeSpan time)
    {
        var first = world.Plan.Random.Next(Handlers.Count);
        for (var i = 0; i < world.Plan.Pauses; i++)
        {
            var handler = Handlers[(first + i) % Handlers.Count];
            // Some end within the trouble, some long after.
            var lasts = Least + world.Plan.UpTo(world.Plan.Pick(TimeSpan.FromMinutes(5), TimeSpan.FromHours(3)));
            Open++;
            world.Timeline.After(world.Plan.UpTo(time), owner: null, () => Pause(handler, lasts));
        }
    }

    private void Pause(string handler, TimeSpan lasts) => Ask(
        handler,
        operations => operations.PauseAsync(handler, "ada", CancellationToken.None),
        () =>
        {
            var pause = new Pause(handler, world.Timeline.Now);
            world.Pauses.Add(pause);
            world.Timeline.After(lasts, owner: null, () => Resume(pause));
        });

    private void Resume(Pause pause)
    {
        pause.Until = world.Timeline.Now;
        Ask(pause.Handler, operations => operations.ResumeAsync(pause.Handler, "ada", CancellationToken.None), () => Open--);
    }

    // An instance that dies answers nothing: then it is asked again all the same.
    private void Ask(string handler, Func<HandlerOperations, Task<HandlerState?>> ask, Action then)
    {
        var isAnswered = false;
        if (host.AnyServing() is { } instance)
            instance.Process.Start(AskAsync);
        world.Timeline.After(AskAgain, owner: null, () =>
        {
            if (!isAnswered)
                Ask(handler, ask, then);
            isAnswered = true;
        });

        async Task AskAsync()
        {
            try
            {
                var state = await ask(instance.Services.GetRequiredService<HandlerOperations>());
                if (isAnswered)
                    return;
                isAnswered = true;
                world.Note(instance.Process.Name, $"{handler} {(state!.IsPaused ? "is paused" : "runs")}");
                then();
            }
            catch (Exception e) when (StorageFailure.Is(e) || e is OperationCanceledException)
            {
                world.Note(instance.Process.Name, $"{handler} is not changed: {e.GetType().Name}");
            }
        }
    }
}

using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>A request to storage that is held up at a point until it is let go.</summary>
internal sealed class StorageHold : IDisposable
{
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Verdict> verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StepPoints steps;

    public StorageHold(StepPoints steps, string point)
    {
        this.steps = steps;
        steps.At = reached => reached == point ? HoldAsync() : Task.FromResult(Verdict.Pass);
    }

    /// <summary>Waits until the request has arrived.</summary>
    /// <param name="sender">What sends the request; its failure, should it end before.</param>
    public async Task ArrivedAsync(Task sender)
    {
        if (await Task.WhenAny(arrived.Task, sender).WaitAsync(WorkerHost.Patience) == sender)
        {
            await sender;
            throw new InvalidOperationException("It has ended without the request that was to be held up.");
        }
    }

    /// <summary>Lets the request go on, and all that follow.</summary>
    public void LetGo() => verdict.TrySetResult(Verdict.Pass);

    /// <summary>Drops the request if it has not been let go.</summary>
    public void Dispose()
    {
        verdict.TrySetResult(Verdict.Drop);
        steps.At = _ => Task.FromResult(Verdict.Pass);
    }

    private Task<Verdict> HoldAsync()
    {
        arrived.TrySetResult();
        return verdict.Task;
    }
}

using PointWebhooks.Tests.Reliability.Support;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>A request to storage that is held up at a point until it is let go.</summary>
internal sealed class StorageHold : IDisposable
{
    private const int MostTurns = 5;

    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Verdict> verdict = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StepPoints steps;

    public StorageHold(StepPoints steps, string point)
    {
        this.steps = steps;
        steps.At = reached => reached == point ? HoldAsync() : Task.FromResult(Verdict.Pass);
    }

    /// <summary>
    /// Sends until the request has arrived: where storage takes longer than the worker waits, as on a busy machine, one gives up before it
    /// comes so far.
    /// </summary>
    /// <param name="begin">Begins to send, with a key that is new each time; gives what the sender gets in the end.</param>
    /// <returns>The sender whose request is held up.</returns>
    public async Task<Task<T>> ArrivedAsync<T>(Func<string, Task<Task<T>>> begin)
    {
        for (var turn = 1; ; turn++)
        {
            var sender = await begin($"held-{turn}");
            if (await Task.WhenAny(arrived.Task, sender).WaitAsync(WorkerHost.Patience) != sender)
                return sender;
            if (turn == MostTurns)
                throw new InvalidOperationException($"{turn} have ended without the request that was to be held up; the last with: {await sender}");
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

namespace PointWebhooks.Tests.Support;

/// <summary>
/// A wait in virtual time for code that asks for no context to go on in, such as that of HttpClient and of pipes: it goes on on the
/// timeline also when it is cancelled. Task.Delay would let it go on on a thread of the pool then.
/// </summary>
internal static class VirtualWait
{
    public static async Task Async(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource();
        using var timer = time.CreateTimer(_ => End(over, cancellationToken), null, wait, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(_ => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), null);
        await over.Task.ConfigureAwait(false);
    }

    private static void End(TaskCompletionSource over, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            over.TrySetCanceled(cancellationToken);
        else
            over.TrySetResult();
    }
}

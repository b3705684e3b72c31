namespace PointWebhooks.Simulator;

/// <summary>What one try of a step saw.</summary>
/// <param name="IsGood">Whether it went well; null when it may go well a little later.</param>
/// <param name="What">What was seen, as the end of a sentence that begins with the step.</param>
internal sealed record StepResult(bool? IsGood, string What);

/// <summary>Takes steps that may need time, each until it goes well, goes wrong for good or the time of all is up.</summary>
/// <param name="tell">Takes a line for each step, and for what it waits for.</param>
/// <param name="limit">The time that all steps together may take.</param>
/// <param name="pause">The time between two tries.</param>
/// <param name="time">The clock of the limit and the pauses.</param>
internal sealed class Steps(Action<string> tell, TimeSpan limit, TimeSpan pause, TimeProvider time)
{
    // What a step waits for is said when it takes long enough to wonder.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    // A server that takes a connection while it starts, and forgets it, is asked again.
    private static readonly TimeSpan TryTimeout = TimeSpan.FromSeconds(30);

    private readonly long start = time.GetTimestamp();

    /// <summary>The time since the first step.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Says something beside the steps.</summary>
    public void Tell(string line) => tell(line);

    /// <summary>Takes a step.</summary>
    /// <param name="step">Its name, such as <c>GET /api/health</c>.</param>
    /// <param name="tryOnce">A try; what it throws for want of an answer counts as an answer that may still come.</param>
    /// <param name="cancellationToken">Ends everything.</param>
    /// <returns>Whether the step went well.</returns>
    public async Task<bool> TakeAsync(string step, Func<CancellationToken, Task<StepResult>> tryOnce, CancellationToken cancellationToken)
    {
        var (began, told) = (Elapsed, "");
        StepResult? last = null;
        while (true)
        {
            var result = await TryAsync(tryOnce, cancellationToken);
            if (result?.IsGood is { } isGood)
            {
                tell($"{step} {result.What}");
                return isGood;
            }

            last = result ?? last;
            if (result is null || Elapsed + pause >= limit)
            {
                tell($"{step} {last?.What ?? "has not answered."} Gave up after {limit.TotalSeconds:0.#} s.");
                return false;
            }

            if (Elapsed - began > Patience && told != result.What)
                tell($"{step} {told = result.What} Trying again ...");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // Null when the time of all steps was up before there was an answer.
    private async Task<StepResult?> TryAsync(Func<CancellationToken, Task<StepResult>> tryOnce, CancellationToken cancellationToken)
    {
        var left = limit - Elapsed;
        if (left <= TimeSpan.Zero)
            return null;

        using var timeout = new CancellationTokenSource(left < TryTimeout ? left : TryTimeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await tryOnce(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return left < TryTimeout ? null : new StepResult(null, $"did not answer within {TryTimeout.TotalSeconds} s.");
        }
        catch (HttpRequestException e)
        {
            return new StepResult(null, CommandInput.WhyNoAnswer(e, TryTimeout));
        }
    }
}

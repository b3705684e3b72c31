namespace PointWebhooks.Processing;

/// <summary>What came of running the handlers of an event once.</summary>
/// <param name="FinishedLast">The handler that finished last and is not recorded yet, when nothing failed.</param>
/// <param name="Errors">What failed and may succeed another time.</param>
/// <param name="PermanentErrors">What failed for good.</param>
internal sealed record AttemptResult(string? FinishedLast, IReadOnlyList<string> Errors, IReadOnlyList<string> PermanentErrors)
{
    /// <summary>Everything that failed, in one line.</summary>
    public string Error => string.Join("; ", PermanentErrors.Concat(Errors));
}

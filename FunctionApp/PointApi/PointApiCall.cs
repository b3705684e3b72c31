namespace PointWebhooks.PointApi;

/// <summary>A call of the Syskit Point API, as this instance saw it.</summary>
/// <param name="At">When it began, in UTC.</param>
/// <param name="Took">How long it took, in milliseconds, with signing in and trying again.</param>
/// <param name="Status">The HTTP status of the answer; null when there was none.</param>
internal sealed record PointApiCall(DateTimeOffset At, long Took, int? Status);

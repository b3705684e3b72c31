namespace PointWebhooks.Pausing;

/// <summary>A handler that operators have paused: it is not run until they resume it, and its events wait.</summary>
/// <param name="Handler">Its name in the ledger.</param>
/// <param name="Since">Since when, in UTC.</param>
/// <param name="By">Who paused it, or null where that is not known.</param>
internal sealed record HandlerPause(string Handler, DateTimeOffset Since, string? By);

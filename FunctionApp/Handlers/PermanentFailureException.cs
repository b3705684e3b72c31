namespace PointWebhooks.Handlers;

/// <summary>
/// Thrown by a handler that knows that trying again is of no use, such as after an answer that says the request itself is wrong.
/// The handler is not run again for the event until the event is replayed; once the other handlers have finished, the event is
/// dead.
/// </summary>
public sealed class PermanentFailureException(string message, Exception? cause = null) : Exception(message, cause);

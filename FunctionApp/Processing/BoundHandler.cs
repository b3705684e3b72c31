namespace PointWebhooks.Processing;

/// <summary>A handler with the event it is to handle.</summary>
/// <param name="Name">The handler's name in the ledger.</param>
/// <param name="Instance">The handler.</param>
/// <param name="HandleAsync">Handles the event.</param>
public sealed record BoundHandler(string Name, object Instance, Func<EventContext, CancellationToken, Task> HandleAsync);

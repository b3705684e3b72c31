namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>A message in a queue.</summary>
/// <param name="Id">Its id, for good.</param>
/// <param name="Text">Its content as sent, encoded by the client.</param>
/// <param name="InsertedAt">When it was sent.</param>
/// <param name="ExpiresAt">When it is dropped.</param>
/// <param name="VisibleAt">From when on it may be received.</param>
/// <param name="PopReceipt">What allows to change it: new whenever it is sent, received or changed.</param>
/// <param name="DequeueCount">How often it was received.</param>
internal sealed record SimulatedMessage(
    string Id,
    string Text,
    DateTimeOffset InsertedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset VisibleAt,
    string PopReceipt,
    int DequeueCount);

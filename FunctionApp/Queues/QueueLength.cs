namespace PointWebhooks.Queues;

/// <summary>How many messages a queue holds, as storage estimates it, those in work or waiting for their time included.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Messages">Its messages.</param>
/// <param name="Poison">The messages of its poison queue.</param>
public sealed record QueueLength(string Queue, int Messages, int Poison);

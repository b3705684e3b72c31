namespace PointWebhooks.Processing;

/// <summary>An event could not be processed this time: its message is to be delivered again.</summary>
public sealed class EventProcessingException(string message) : Exception(message);

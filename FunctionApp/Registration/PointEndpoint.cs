namespace PointWebhooks.Registration;

/// <summary>An endpoint that is registered with Syskit Point.</summary>
/// <param name="Endpoint">Its url. A query in it is part of its identity, and a secret.</param>
/// <param name="Types">The event types it receives; <c>*</c> means all.</param>
public sealed record PointEndpoint(string? Endpoint, IReadOnlyList<string>? Types);

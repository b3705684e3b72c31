namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>A request that the service refuses.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The service's error code, as documented under "Status and error codes" of its REST API.</param>
/// <param name="message">The service's text.</param>
internal sealed class StorageException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>What a service says to whom its rights or its network do not let in.</summary>
    public static StorageException Forbidden() => new(403, "AuthorizationFailure", "This request is not authorized to perform this operation.");

    /// <summary>What a service says that is overloaded, or moves a partition.</summary>
    public static StorageException ServerBusy() => new(503, "ServerBusy", "The server is busy.");
}

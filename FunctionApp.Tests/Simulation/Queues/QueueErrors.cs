using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>The refusals of the queue service, with its own codes and texts.</summary>
internal static class QueueErrors
{
    public static StorageException QueueNotFound() => new(404, nameof(QueueNotFound), "The specified queue does not exist.");

    public static StorageException QueueBeingDeleted() => new(409, nameof(QueueBeingDeleted), "The specified queue is being deleted.");

    public static StorageException MessageNotFound() => new(404, nameof(MessageNotFound), "The specified message does not exist.");

    public static StorageException PopReceiptMismatch() => new(
        400, nameof(PopReceiptMismatch), "The specified pop receipt did not match the pop receipt for a dequeued message.");

    public static StorageException RequestBodyTooLarge() => new(
        413, nameof(RequestBodyTooLarge), "The request body is too large and exceeds the maximum permissible limit.");

    public static StorageException OutOfRangeQueryParameterValue() => new(
        400, nameof(OutOfRangeQueryParameterValue),
        "One of the query parameters specified in the request URI is outside the permissible range.");
}

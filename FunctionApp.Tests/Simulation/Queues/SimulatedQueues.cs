using System.Globalization;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>The queue service of an account.</summary>
internal sealed class SimulatedQueues(TimeProvider time)
{
    // Of the service's documentation: what it takes when a request does not say, and the most it takes.
    private const int DefaultVisibility = 30;
    private const int MaxVisibility = 7 * 24 * 60 * 60;
    private const int DefaultTimeToLive = MaxVisibility;
    private const int MaxMessages = 32;

    private readonly SortedDictionary<string, SimulatedQueue> queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> deleted = [];

    /// <summary>How long a deleted queue is refused as being deleted; the service takes at least 30 seconds, Azurite none.</summary>
    public TimeSpan DeletionTime { get; set; }

    /// <summary>Raised when it is known from when on a message of a queue will be visible.</summary>
    public event Action<string, DateTimeOffset>? BecomesVisible;

    /// <summary>Raised when a message is sent to a queue.</summary>
    public event Action<string, SimulatedMessage>? Sent;

    /// <summary>The names of the queues that exist.</summary>
    public IReadOnlyCollection<string> Names => queues.Keys;

    /// <summary>The messages of a queue, none when it does not exist.</summary>
    public IReadOnlyList<SimulatedMessage> Messages(string queue) => queues.TryGetValue(queue, out var found) ? [.. found.Messages] : [];

    /// <summary>Performs a request.</summary>
    /// <exception cref="StorageException">It is refused.</exception>
    public StorageAnswer Perform(StorageRequest request, bool redelivers)
    {
        if (IsBeingDeleted(request.Resource))
            throw QueueErrors.QueueBeingDeleted();
        if (request.Operation == StorageOperation.CreateQueue)
            return Create(request.Resource);

        var queue = queues.TryGetValue(request.Resource, out var found) ? found : throw QueueErrors.QueueNotFound();
        return request.Operation switch
        {
            StorageOperation.DeleteQueue => Delete(request.Resource),
            StorageOperation.GetQueueProperties => StorageAnswer.Empty(
                200, ("x-ms-approximate-messages-count", queue.Messages.Count.ToString(CultureInfo.InvariantCulture))),
            StorageOperation.ReceiveMessages => QueueAnswers.Received(
                queue.Receive(Count(request), Visibility(request, 1, DefaultVisibility), redelivers)),
            StorageOperation.PeekMessages => QueueAnswers.Peeked(queue.Peek(Count(request))),
            StorageOperation.SendMessage => Send(queue, request),
            _ => Change(queue, request),
        };
    }

    /// <summary>Creates a queue, unless it is there.</summary>
    public StorageAnswer Create(string name) => StorageAnswer.Empty(queues.TryAdd(name, NewQueue(name)) ? 201 : 204);

    private static StorageAnswer Change(SimulatedQueue queue, StorageRequest request)
    {
        if (request.Operation == StorageOperation.ClearMessages)
        {
            queue.Clear();
            return StorageAnswer.Empty(204);
        }

        var (id, popReceipt) = (QueueRoutes.MessageId(request.Path), request.Query["popreceipt"]);
        if (request.Operation == StorageOperation.UpdateMessage)
        {
            var text = request.Body.IsEmpty ? null : QueueAnswers.ReadText(request.Body);
            return QueueAnswers.Updated(queue.Update(id, popReceipt, text, Visibility(request, 0, missing: 0)));
        }

        queue.Delete(id, popReceipt);
        return StorageAnswer.Empty(204);
    }

    private static TimeSpan Visibility(StorageRequest request, int least, int missing)
    {
        var seconds = Number(request, "visibilitytimeout", missing);
        return seconds >= least && seconds <= MaxVisibility
            ? TimeSpan.FromSeconds(seconds)
            : throw QueueErrors.OutOfRangeQueryParameterValue();
    }

    private static TimeSpan? TimeToLive(StorageRequest request) => Number(request, "messagettl", DefaultTimeToLive) switch
    {
        -1 => null,
        > 0 and var seconds => TimeSpan.FromSeconds(seconds),
        _ => throw QueueErrors.OutOfRangeQueryParameterValue(),
    };

    private static int Count(StorageRequest request) =>
        Number(request, "numofmessages", 1) is >= 1 and <= MaxMessages and var count
            ? count
            : throw QueueErrors.OutOfRangeQueryParameterValue();

    private static int Number(StorageRequest request, string parameter, int missing) =>
        request.Query.TryGetValue(parameter, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : missing;

    private bool IsBeingDeleted(string name) => deleted.TryGetValue(name, out var at) && time.GetUtcNow() < at + DeletionTime;

    private StorageAnswer Send(SimulatedQueue queue, StorageRequest request)
    {
        var sent = queue.Send(QueueAnswers.ReadText(request.Body), Visibility(request, 0, missing: 0), TimeToLive(request));
        Sent?.Invoke(request.Resource, sent);
        return QueueAnswers.Sent(sent);
    }

    private SimulatedQueue NewQueue(string name) => new(time, at => BecomesVisible?.Invoke(name, at));

    private StorageAnswer Delete(string name)
    {
        queues.Remove(name);
        deleted[name] = time.GetUtcNow();
        return StorageAnswer.Empty(204);
    }
}

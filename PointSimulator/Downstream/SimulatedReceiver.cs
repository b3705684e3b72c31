using System.Collections.Concurrent;

namespace PointWebhooks.Simulator.Downstream;

/// <summary>
/// A receiver that keeps what is posted to it and answers 202, as the trigger of a Teams workflow does, and many a webhook receiver.
/// </summary>
/// <param name="name">Its name, such as <c>teams</c>.</param>
public sealed class SimulatedReceiver(string name) : IDownstream
{
    private readonly ConcurrentQueue<DownstreamRequest> received = [];

    /// <inheritdoc/>
    public string Name => name;

    /// <summary>What was posted, in its order.</summary>
    public IReadOnlyList<DownstreamRequest> Received => [.. received];

    /// <inheritdoc/>
    public string StepOf(DownstreamRequest request) => "post";

    /// <inheritdoc/>
    public DownstreamAnswer Answer(DownstreamRequest request)
    {
        if (request.Method != "POST")
            return new DownstreamAnswer(405);
        received.Enqueue(request);
        return new DownstreamAnswer(202);
    }
}

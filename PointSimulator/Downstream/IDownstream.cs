namespace PointWebhooks.Simulator.Downstream;

/// <summary>
/// A simulated system downstream: a state, and an answer to each call. It knows neither sockets nor threads, so that it serves over HTTP
/// as well as on the timeline of a simulation.
/// </summary>
public interface IDownstream
{
    /// <summary>Its name, such as <c>jira</c>.</summary>
    string Name { get; }

    /// <summary>What a call is for, such as <c>create</c>: the name of its step.</summary>
    string StepOf(DownstreamRequest request);

    /// <summary>Answers a call, and does what it asks for. One call after the other.</summary>
    DownstreamAnswer Answer(DownstreamRequest request);
}

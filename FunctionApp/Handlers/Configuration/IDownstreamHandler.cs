using PointWebhooks.Events;

namespace PointWebhooks.Handlers.Configuration;

/// <summary>A handler that settings configure, made anew for each event.</summary>
internal interface IDownstreamHandler : IEventHandler<PointEvent>
{
    /// <summary>
    /// What it would send for an event, for whoever writes templates: one text for each call, with the method and the url where that
    /// says something, and without secrets. Asks nobody anything.
    /// </summary>
    IEnumerable<string> Preview(PointEvent pointEvent, EventContext context);
}

using PointWebhooks.Ledger;

namespace PointWebhooks.Operations;

/// <summary>The result of an operator's change of an event.</summary>
internal enum ChangeOutcome
{
    /// <summary>The event is open again.</summary>
    Replayed,

    /// <summary>The event's content is gone.</summary>
    Erased,

    /// <summary>The event is dead, because an operator wants it so.</summary>
    GivenUp,

    /// <summary>The event is still open: it waits, or is being processed.</summary>
    Open,

    /// <summary>The event is completed, and a replay of a completed one was not asked for.</summary>
    Completed,

    /// <summary>The event is completed or dead, so that there is nothing to give up.</summary>
    Finished,

    /// <summary>The event has changed since the operator looked at it: nothing was done.</summary>
    Changed,

    /// <summary>No handler of that name handles the event.</summary>
    NoSuchHandler,

    /// <summary>The event's content is gone, or its row cannot be read.</summary>
    Gone,

    /// <summary>Storage has not said in time whether the change took effect. It is still asked.</summary>
    Unsure,
}

/// <summary>The answer to an operator's change of one event.</summary>
internal sealed record ChangeAnswer(ChangeOutcome Outcome, string Id, EventState State);

/// <summary>How an operator wants an event replayed.</summary>
/// <param name="IncludeCompleted">Whether to do so although it is completed: then every handler runs again.</param>
/// <param name="Handler">The one handler that is to run, also of a completed event; null for all that have not finished.</param>
/// <param name="Seen">When the event had finished as the operator saw it, so that a form that is sent twice has one effect; or
/// null.</param>
/// <param name="By">Who asks for it, or null where that is not known.</param>
internal sealed record Replay(bool IncludeCompleted = false, string? Handler = null, DateTimeOffset? Seen = null, string? By = null);

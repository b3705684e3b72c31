namespace PointWebhooks.Telemetry;

/// <summary>The values of the tag <see cref="SpanTags.Outcome"/> that are not the status of an answer.</summary>
internal static class SpanOutcome
{
    /// <summary>A request was refused.</summary>
    public const string Refused = "refused";

    /// <summary>Every handler has finished the event.</summary>
    public const string Completed = "completed";

    /// <summary>An attempt failed; another one follows.</summary>
    public const string Retrying = "retrying";

    /// <summary>The event was given up on.</summary>
    public const string Dead = "dead";

    /// <summary>The event waits for a handler that is paused; or, of a handler, it was paused when its turn had come.</summary>
    public const string Waiting = "waiting";

    /// <summary>The event was given back untried, at a shutdown.</summary>
    public const string Released = "released";

    /// <summary>The lease was lost while handlers ran.</summary>
    public const string LeaseLost = "lease-lost";

    /// <summary>The event is finished, or another instance has it.</summary>
    public const string NothingToDo = "nothing-to-do";

    /// <summary>The ledger does not know the event.</summary>
    public const string Unknown = "unknown";

    /// <summary>A handler has finished the event.</summary>
    public const string Done = "done";

    /// <summary>A handler was told to stop.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A handler failed.</summary>
    public const string Failed = "failed";

    /// <summary>Whether a span that ends so is an error.</summary>
    public static bool IsError(string outcome) => outcome is Retrying or Dead or LeaseLost or Unknown or Failed;
}

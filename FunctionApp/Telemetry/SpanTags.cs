namespace PointWebhooks.Telemetry;

/// <summary>The tags of this app's spans.</summary>
public static class SpanTags
{
    /// <summary>The event's type; only of an authentic event.</summary>
    public const string EventType = "point.event.type";

    /// <summary>The event's idempotency key; only of an authentic event.</summary>
    public const string IdempotencyKey = "point.event.idempotency_key";

    /// <summary>How it ended.</summary>
    public const string Outcome = "point.outcome";

    /// <summary>The code of the reason for a refusal.</summary>
    public const string Reason = "point.reason";

    /// <summary>The handler's name in the ledger.</summary>
    public const string Handler = "point.handler";

    /// <summary>The type of the exception of a handler that failed.</summary>
    public const string ErrorType = "error.type";
}

namespace PointWebhooks.Telemetry;

/// <summary>The names of this app's spans.</summary>
public static class SpanNames
{
    /// <summary>Receiving a request.</summary>
    public const string Receive = "receive webhook";

    /// <summary>Processing an event.</summary>
    public const string Process = "process event";

    /// <summary>Running a handler.</summary>
    public const string Handle = "handle event";
}

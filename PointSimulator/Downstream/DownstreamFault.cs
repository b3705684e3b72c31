namespace PointWebhooks.Simulator.Downstream;

/// <summary>What goes wrong with a call.</summary>
/// <param name="Answer">What is answered, or null when the connection breaks.</param>
/// <param name="IsAfterEffect">Whether the call has had its effect by then.</param>
public sealed record DownstreamFault(DownstreamAnswer? Answer, bool IsAfterEffect)
{
    /// <summary>The connection breaks, and the call has had its effect.</summary>
    public static DownstreamFault LostAnswer { get; } = new(null, IsAfterEffect: true);

    /// <summary>The connection breaks before anything has happened.</summary>
    public static DownstreamFault LostCall { get; } = new(null, IsAfterEffect: false);

    /// <summary>No effect, and this answer.</summary>
    public static DownstreamFault Refused(int status, string body = "", string mediaType = "application/json") =>
        new(new DownstreamAnswer(status, body, mediaType), IsAfterEffect: false);

    /// <summary>No effect, and 429.</summary>
    public static DownstreamFault Throttled(TimeSpan retryAfter) => new(DownstreamAnswer.TooMany(retryAfter), IsAfterEffect: false);

    /// <summary>The effect, and this answer in place of the right one.</summary>
    public static DownstreamFault AnsweredWrongly(int status, string body = "", string mediaType = "application/json") =>
        new(new DownstreamAnswer(status, body, mediaType), IsAfterEffect: true);
}

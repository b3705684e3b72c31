namespace PointWebhooks.Tests.Simulation.Calls;

/// <summary>What the caller gets.</summary>
internal enum FaultAnswer
{
    /// <summary>The service's answer; when the call took no effect, 503 ServerBusy, or 403 where it is forbidden.</summary>
    Arrives,

    /// <summary>An error of the connection.</summary>
    ConnectionLost,

    /// <summary>Nothing, until it gives up.</summary>
    Never,
}

/// <summary>What goes wrong with a call.</summary>
/// <param name="TakesEffect">Whether it takes effect all the same.</param>
/// <param name="Answer">What the caller gets.</param>
internal sealed record Fault(bool TakesEffect, FaultAnswer Answer)
{
    /// <summary>Nothing.</summary>
    public static readonly Fault None = new(true, FaultAnswer.Arrives);

    /// <summary>The service refuses it.</summary>
    public static readonly Fault Unavailable = new(false, FaultAnswer.Arrives);

    /// <summary>The service refuses it as none of this caller's, as while a right or a rule of its network is changed.</summary>
    public static readonly Fault Forbidden = Unavailable with { IsForbidden = true };

    /// <summary>It takes effect, and the answer is lost.</summary>
    public static readonly Fault AnswerLost = new(true, FaultAnswer.ConnectionLost);

    /// <summary>It does not take effect, and nothing is heard of it.</summary>
    public static readonly Fault Hangs = new(false, FaultAnswer.Never);

    /// <summary>It takes effect, and nothing is heard of it.</summary>
    public static readonly Fault HangsAfterEffect = new(true, FaultAnswer.Never);

    /// <summary>The messages it receives are delivered to the next one who asks as well.</summary>
    public static readonly Fault Redelivers = None with { IsRedelivered = true };

    /// <summary>How late it takes effect.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether it is refused with 403 in place of 503.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Whether messages that it receives stay visible.</summary>
    public bool IsRedelivered { get; init; }
}

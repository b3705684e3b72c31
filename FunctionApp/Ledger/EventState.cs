namespace PointWebhooks.Ledger;

/// <summary>How far an event got: <c>Received → Processing → Completed</c>, with <c>Retrying</c> and <c>Dead</c> on the side.</summary>
public enum EventState
{
    /// <summary>Acknowledged, and not taken up yet.</summary>
    Received,

    /// <summary>Claimed: a processor holds its lease.</summary>
    Processing,

    /// <summary>An attempt failed; another one follows.</summary>
    Retrying,

    /// <summary>Every handler has finished.</summary>
    Completed,

    /// <summary>Given up on, and kept for a replay.</summary>
    Dead,
}

namespace PointWebhooks.Ledger;

/// <summary>What came of a replay.</summary>
public enum ReplayOutcome
{
    /// <summary>The event is open again, with all its attempts before it.</summary>
    Replayed,

    /// <summary>The event is still open: it is processed anyway.</summary>
    Open,

    /// <summary>The event is completed, and a replay of a completed one was not asked for.</summary>
    Completed,

    /// <summary>The ledger does not know it.</summary>
    Unknown,
}

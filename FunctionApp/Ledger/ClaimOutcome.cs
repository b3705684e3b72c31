namespace PointWebhooks.Ledger;

/// <summary>What came of a claim.</summary>
public enum ClaimOutcome
{
    /// <summary>The event is this processor's until its lease ends.</summary>
    Claimed,

    /// <summary>Somebody else holds a lease on it.</summary>
    Leased,

    /// <summary>Its last attempt failed, and the next one is not due yet: it has a message of its own.</summary>
    TooEarly,

    /// <summary>It is completed or dead: there is nothing to do.</summary>
    Finished,

    /// <summary>The ledger does not know it.</summary>
    Unknown,
}

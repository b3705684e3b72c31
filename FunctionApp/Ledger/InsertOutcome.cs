namespace PointWebhooks.Ledger;

/// <summary>What came of an insert.</summary>
public enum InsertOutcome
{
    /// <summary>The event is new, and kept.</summary>
    Inserted,

    /// <summary>The key was seen before, with the same body.</summary>
    Duplicate,

    /// <summary>The key was seen before, with another body. The first one stands.</summary>
    DuplicateWithOtherBody,
}

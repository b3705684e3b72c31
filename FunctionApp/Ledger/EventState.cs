namespace PointWebhooks.Ledger;

/// <summary>How far an event got: <c>Received → Processing → Completed</c>, with <c>Retrying</c> and <c>Dead</c> on the side.</summary>
internal enum EventState
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

    /// <summary>
    /// Its content is gone, after the retention or on request. Only the id is remembered, so that the event takes no effect a
    /// second time.
    /// </summary>
    Forgotten,

    /// <summary>Never stored: what a list shows of a row that this version of the app cannot read.</summary>
    Unreadable,
}

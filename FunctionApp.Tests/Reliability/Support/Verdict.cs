namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>What happens to a request at a point.</summary>
internal enum Verdict
{
    /// <summary>Nothing: it goes on.</summary>
    Pass,

    /// <summary>The connection breaks: before the step, it does not happen; after it, its answer is lost.</summary>
    Drop,

    /// <summary>It is answered 503.</summary>
    Unavailable,

    /// <summary>The request is answered 410, as a downstream that will never take it.</summary>
    Gone,
}

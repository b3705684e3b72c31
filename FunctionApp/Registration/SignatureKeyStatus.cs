namespace PointWebhooks.Registration;

/// <summary>What an operator is shown of the signature key. The key is not in it.</summary>
/// <param name="Source"><see cref="Setting"/> or <see cref="Options"/>.</param>
/// <param name="FetchedAt">When this instance fetched the key last, or null when it has not.</param>
/// <param name="PreviousUntil">Until when this instance also accepts the key before, or null when there is none.</param>
/// <param name="FailedAt">When fetching failed last, or null when the last fetch went well.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record SignatureKeyStatus(
    string Source, DateTimeOffset? FetchedAt, DateTimeOffset? PreviousUntil, DateTimeOffset? FailedAt, string? Failure)
{
    /// <summary>The key is the one of <c>Point:SignatureKey</c>, and follows no change.</summary>
    public const string Setting = "setting";

    /// <summary>The key is fetched from the options of Syskit Point.</summary>
    public const string Options = "options";
}

namespace PointWebhooks.Registration;

/// <summary>The result of a run of the registration, as an operator is shown it. No secret in it.</summary>
/// <param name="Result"><see cref="InPlace"/>, <see cref="Registered"/>, <see cref="Repaired"/> or <see cref="Failed"/>.</param>
/// <param name="Url">The url that was to be registered, without its query.</param>
/// <param name="RegisteredSince">
/// Since when the endpoint is known to be registered without a break, or null when it is not, or was never seen to be. A run that
/// fails before it learns anything leaves this as it was.
/// </param>
/// <param name="CanList">
/// Whether the API can list endpoints; where it cannot, the endpoint is registered in every run and cannot be verified. Null while
/// unknown.
/// </param>
/// <param name="Error">What is wrong and what to do about it, or null. A run that did not fail may have one, too.</param>
/// <param name="IneffectiveRepair">
/// The types that were asked for, and those Syskit Point lists all the same, or null: what need not be tried again.
/// </param>
internal sealed record RegistrationResult(
    DateTimeOffset At,
    string Result,
    string Url,
    DateTimeOffset? RegisteredSince,
    bool? CanList,
    string? Error,
    string? IneffectiveRepair = null)
{
    /// <summary>The version of this app that ran it, or null where that was not kept.</summary>
    public string? Version { get; init; }

    /// <summary>All was well and nothing was done.</summary>
    public const string InPlace = "in-place";

    /// <summary>The endpoint was missing and is registered now.</summary>
    public const string Registered = "registered";

    /// <summary>The endpoint had other event types, or an earlier url of this app was still there; now it is right.</summary>
    public const string Repaired = "repaired";

    /// <summary>It is not known to be registered as it should be; <see cref="Error"/> says why.</summary>
    public const string Failed = "failed";
}

using PointWebhooks.Receiving;

namespace PointWebhooks.Operations;

/// <summary>What an operator can do about requests that are refused.</summary>
internal static class RefusalAdvice
{
    /// <summary>The advice on a reason, in a sentence or two.</summary>
    public static string Of(Refusal refusal) => refusal == Refusal.SignatureMismatch
        ? "Somebody without the key, or the key has changed: compare Point:SignatureKey with the one in Syskit Point, if it is set here."
        : refusal == Refusal.KeyUnavailable
            ? "The signature key cannot be fetched, and the quarantine is full: see the signature key above."
        : refusal == Refusal.StorageUnavailable
            ? "Storage did not take events in time: look at the storage account, its firewall and the app's role there."
        : refusal == Refusal.Overloaded ? "More large requests at once than fit into memory, which no events of Syskit Point are: a flood, or a test."
        : refusal == Refusal.BodyIncomplete ? "The sender's network or a proxy before this app cuts requests off."
        : refusal == Refusal.BodyTooLarge ? "Not a webhook of Syskit Point, which are much smaller."
        : "Not a webhook of Syskit Point, or a proxy before this app changes its headers. A few from scanners are usual.";
}

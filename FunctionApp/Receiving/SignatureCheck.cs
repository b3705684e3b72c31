namespace PointWebhooks.Receiving;

/// <summary>What came of checking a signature.</summary>
public enum SignatureCheck
{
    /// <summary>The signature is well formed, and could not be checked: the key is not to be had just now.</summary>
    Unchecked,

    /// <summary>The body was signed with one of the keys.</summary>
    Valid,

    /// <summary>There is no <c>Signature</c> header.</summary>
    Missing,

    /// <summary>There are several <c>Signature</c> or <c>Algorithm</c> headers, or several values in one.</summary>
    Repeated,

    /// <summary>The signature is not standard base64 of exactly the hash's length.</summary>
    Malformed,

    /// <summary>The <c>Algorithm</c> is none of those that are accepted.</summary>
    UnsupportedAlgorithm,

    /// <summary>The signature is not of this body with any of the keys.</summary>
    Mismatch,

    /// <summary>
    /// The signature is not of this body with any of the keys, and whether the key has changed could not be found out just now.
    /// </summary>
    Undecided,
}

namespace PointWebhooks.Receiving;

/// <summary>Why a request was not kept, as its sender is told.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">The stable code of the reason, for programs.</param>
/// <param name="Title">The reason in a few words.</param>
/// <param name="Detail">What to do about it.</param>
public sealed record Refusal(int Status, string Reason, string Title, string Detail)
{
    /// <summary>The body is longer than <see cref="BoundedBodyReader.MaxLength"/>.</summary>
    public static readonly Refusal BodyTooLarge = new(
        413, "body-too-large", "The body is too large.", $"Send at most {BoundedBodyReader.MaxLength} bytes.");

    /// <summary>The body ended before its announced length.</summary>
    public static readonly Refusal BodyIncomplete = new(
        400, "body-incomplete", "The body could not be read to its end.",
        "Send the whole body, as long as Content-Length says or with a last chunk, without long pauses.");

    /// <summary>There is no signature.</summary>
    public static readonly Refusal SignatureMissing = new(
        401, "signature-missing", "The request is not signed.", "Send a Signature header: the base64 of the HMAC-SHA256 of the body.");

    /// <summary>There are several signatures or algorithms.</summary>
    public static readonly Refusal SignatureRepeated = new(
        401, "signature-repeated", "The request has more than one signature or algorithm.",
        "Send exactly one Signature header and at most one Algorithm header.");

    /// <summary>The signature is no signature.</summary>
    public static readonly Refusal SignatureMalformed = new(
        401, "signature-malformed", "The signature cannot be read.",
        "Send standard base64, with padding, of exactly as many bytes as the hash has.");

    /// <summary>The algorithm is not accepted.</summary>
    public static readonly Refusal AlgorithmUnsupported = new(
        401, "algorithm-unsupported", "The signature's algorithm is not accepted.",
        "Sign with HMAC-SHA256, HMAC-SHA384 or HMAC-SHA512 and name it in the Algorithm header.");

    /// <summary>The signature is of something else, or made with another key.</summary>
    public static readonly Refusal SignatureMismatch = new(
        401, "signature-mismatch", "The signature does not match the body.",
        "Sign the exact bytes of the body with the signature key of Syskit Point.");

    /// <summary>The event is older than the memory of what took effect.</summary>
    public static readonly Refusal Stale = new(
        401, "stale", "The event is too old.",
        "Its timeStamp is older than the retention of the ledger, so whether it took effect before is not known.");

    /// <summary>The signature key is not to be had just now, and the quarantine has no room.</summary>
    public static readonly Refusal KeyUnavailable = new(
        503, "key-unavailable", "The signature cannot be checked just now.", "Send the request again after the time in Retry-After.");

    /// <summary>The storage is not to be reached just now.</summary>
    public static readonly Refusal StorageUnavailable = new(
        503, "storage-unavailable", "The event cannot be kept just now.", "Send the request again after the time in Retry-After.");

    /// <summary>The refusal that a failed check of the signature leads to.</summary>
    public static Refusal For(SignatureCheck check) => check switch
    {
        SignatureCheck.Missing => SignatureMissing,
        SignatureCheck.Repeated => SignatureRepeated,
        SignatureCheck.Malformed => SignatureMalformed,
        SignatureCheck.UnsupportedAlgorithm => AlgorithmUnsupported,
        SignatureCheck.Mismatch or SignatureCheck.Undecided => SignatureMismatch,
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, "This is no reason to refuse."),
    };
}

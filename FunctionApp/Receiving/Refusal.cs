using System.Runtime.CompilerServices;
using PointWebhooks.Signatures;

namespace PointWebhooks.Receiving;

/// <summary>Why a request was not kept, as its sender is told.</summary>
/// <param name="Reason">The stable code of the reason, for programs.</param>
/// <param name="Title">The reason in a few words.</param>
/// <param name="Detail">What to do about it.</param>
/// <param name="LeavesBodyUnread">Whether the body was not read to its end, so that the connection is closed unless the body is a small one that is there by now.</param>
internal sealed record Refusal(int Status, string Reason, string Title, string Detail, bool LeavesBodyUnread = false)
{
    /// <summary>The body is longer than <see cref="BoundedBody.MaxLength"/>.</summary>
    public static readonly Refusal BodyTooLarge = new(
        413, "body-too-large", "The body is too large.", $"Send at most {BoundedBody.MaxLength} bytes.", LeavesBodyUnread: true);

    /// <summary>The body ended before its announced length, or took longer than <see cref="BoundedBody.MaxTime"/>.</summary>
    public static readonly Refusal BodyIncomplete = new(
        400,
        "body-incomplete",
        "The body did not arrive.",
        $"Send the whole body within {BoundedBody.MaxTime.TotalSeconds} s, as long as Content-Length says or with a last chunk.",
        LeavesBodyUnread: true);

    /// <summary>There is no signature.</summary>
    public static readonly Refusal SignatureMissing = new(
        401,
        "signature-missing",
        "The request is not signed.",
        "Send a Signature header: the base64 of the HMAC-SHA256 of the body.",
        LeavesBodyUnread: true);

    /// <summary>There are several signatures or algorithms.</summary>
    public static readonly Refusal SignatureRepeated = new(
        401,
        "signature-repeated",
        "The request has more than one signature or algorithm.",
        "Send exactly one Signature header and at most one Algorithm header.",
        LeavesBodyUnread: true);

    /// <summary>The signature is not well formed.</summary>
    public static readonly Refusal SignatureMalformed = new(
        401,
        "signature-malformed",
        "The signature cannot be read.",
        "Send standard base64, with padding, of exactly as many bytes as the hash has.",
        LeavesBodyUnread: true);

    /// <summary>The algorithm is not accepted.</summary>
    public static readonly Refusal AlgorithmUnsupported = new(
        401,
        "algorithm-unsupported",
        "The signature's algorithm is not accepted.",
        "Sign with HMAC-SHA256, HMAC-SHA384 or HMAC-SHA512 and name it in the Algorithm header.",
        LeavesBodyUnread: true);

    /// <summary>The signature is of something else, or made with another key.</summary>
    public static readonly Refusal SignatureMismatch = new(
        401,
        "signature-mismatch",
        "The signature does not match the body.",
        "Sign the exact bytes of the body with the signature key of Syskit Point.");

    /// <summary>There is no room for one large body more, and there was none for <see cref="LargeBodies.Patience"/>, or too many wait for it.</summary>
    public static readonly Refusal Overloaded = new(
        503,
        "overloaded",
        "Too many large bodies are on their way.",
        "Send the request again after the time in Retry-After.",
        LeavesBodyUnread: true);

    /// <summary>The signature key is unavailable, and the quarantine has no room.</summary>
    public static readonly Refusal KeyUnavailable = new(
        503, "key-unavailable", "The signature cannot be checked now.", "Send the request again after the time in Retry-After.");

    /// <summary>Storage did not take the event in time.</summary>
    public static readonly Refusal StorageUnavailable = new(
        503, "storage-unavailable", "The event cannot be stored now.", "Send the request again after the time in Retry-After.");

    /// <summary>Each of them is there once: no flood is to be compared and counted by all of its texts.</summary>
    public bool Equals(Refusal? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The refusal that wrong headers lead to.</summary>
    public static Refusal For(SignatureHeaderError error) => error switch
    {
        SignatureHeaderError.Missing => SignatureMissing,
        SignatureHeaderError.Repeated => SignatureRepeated,
        SignatureHeaderError.Malformed => SignatureMalformed,
        SignatureHeaderError.UnsupportedAlgorithm => AlgorithmUnsupported,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "Not a reason for a refusal."),
    };
}

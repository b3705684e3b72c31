namespace PointWebhooks.Signatures;

internal enum SignatureVerdict
{
    /// <summary>The body was signed with one of the keys.</summary>
    Valid,

    /// <summary>The body was not signed with any of the keys.</summary>
    Mismatch,

    /// <summary>
    /// The body was not signed with any of the known keys, and whether there is a new one could not be found out just now.
    /// </summary>
    Undecided,

    /// <summary>No key is available just now.</summary>
    KeyUnavailable,
}

/// <summary>
/// Verifies that a body was signed by Syskit Point: <c>Signature</c> is the base64 of the HMAC of the received bytes; the key is the
/// UTF-8 text of <c>webhooksSignatureAuthenticationKey</c>, not the bytes of the GUID it spells.
/// </summary>
internal sealed class SignatureVerifier(SignatureKeys keys)
{
    /// <summary>Verifies a signature against the keys that Syskit Point has now.</summary>
    public async ValueTask<SignatureVerdict> VerifyAsync(ParsedSignature signature, ReadOnlyMemory<byte> body)
    {
        try
        {
            var current = await keys.GetAsync();
            if (signature.Matches(body.Span, current))
                return SignatureVerdict.Valid;
            // The key may have changed: fetch it, throttled, and compare again. Where the throttle allows no fetch, another request may
            // have fetched the new key since.
            var refreshed = await keys.RefreshAfterMismatchAsync();
            current = refreshed ?? await keys.GetAsync();
            return signature.Matches(body.Span, current) ? SignatureVerdict.Valid
                : refreshed is null ? SignatureVerdict.Undecided
                : SignatureVerdict.Mismatch;
        }
        catch (SignatureKeyUnavailableException)
        {
            return SignatureVerdict.KeyUnavailable;
        }
    }
}

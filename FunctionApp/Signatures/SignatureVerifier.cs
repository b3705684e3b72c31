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
    public ValueTask<SignatureVerdict> VerifyAsync(in ParsedSignature signature, ReadOnlyMemory<byte> body)
    {
        var known = keys.Known;
        return known is not null && signature.Matches(body.Span, known)
            ? ValueTask.FromResult(SignatureVerdict.Valid)
            : new ValueTask<SignatureVerdict>(AskAsync(signature, body, wrong: known));
    }

    /// <param name="wrong">The known keys, none of which has made it; null when none were known.</param>
    private async Task<SignatureVerdict> AskAsync(ParsedSignature signature, ReadOnlyMemory<byte> body, IReadOnlyList<byte[]>? wrong)
    {
        try
        {
            if (wrong is null)
            {
                var first = await keys.GetAsync();
                if (signature.Matches(body.Span, first))
                    return SignatureVerdict.Valid;
                wrong = first;
            }

            // The key may have changed: fetch it, throttled, and compare again. Where the throttle allows no fetch, another request may
            // have fetched the new key since.
            var refreshed = await keys.RefreshAfterMismatchAsync();
            var current = refreshed ?? await keys.GetAsync();
            return current != wrong && signature.Matches(body.Span, current) ? SignatureVerdict.Valid
                : refreshed is null ? SignatureVerdict.Undecided
                : SignatureVerdict.Mismatch;
        }
        catch (SignatureKeyUnavailableException)
        {
            return SignatureVerdict.KeyUnavailable;
        }
    }
}

using PointWebhooks.Registration;

namespace PointWebhooks.Receiving;

/// <summary>Checks a signature against the keys that Syskit Point has now.</summary>
public sealed class SignatureChecker(SignatureKeys keys)
{
    /// <summary>Checks a signature; <see cref="SignatureCheck.Unchecked"/> when there is no key to check it with just now.</summary>
    public async Task<SignatureCheck> CheckAsync(ClaimedSignature claimed, ReadOnlyMemory<byte> body)
    {
        try
        {
            var current = await keys.GetAsync();
            if (claimed.Matches(body.Span, current))
                return SignatureCheck.Valid;
            // The key may have been changed: one throttled look, and the signature gets a second chance. Without that look, another
            // request may have found the new key since.
            var refreshed = await keys.RefreshAfterMismatchAsync();
            current = refreshed ?? await keys.GetAsync();
            return claimed.Matches(body.Span, current) ? SignatureCheck.Valid
                : refreshed is null ? SignatureCheck.Undecided
                : SignatureCheck.Mismatch;
        }
        catch (SignatureKeyUnavailableException)
        {
            return SignatureCheck.Unchecked;
        }
    }
}

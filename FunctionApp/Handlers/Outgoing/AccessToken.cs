using System.Net;
using System.Text.Json;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>
/// The access token that a system gives for a client id and a client secret (OAuth 2.0 client credentials), kept until shortly before it
/// ends. One for each handler of an instance.
/// </summary>
/// <param name="ask">Makes the request for a new one.</param>
internal sealed class AccessToken(Func<HttpRequestMessage> ask)
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(2);

    private Kept? kept;

    /// <summary>The token.</summary>
    /// <exception cref="TransientFailureException">There is none.</exception>
    public async Task<string> GetAsync(Downstream downstream, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref kept) is { } known && known.Until > time.GetUtcNow())
            return known.Token;

        using var request = ask();
        var answer = await downstream.SendAsync(request, cancellationToken);
        // A secret that has expired is renewed by somebody: nothing is permanent here.
        if (!answer.IsSuccess)
            throw answer.Failure(isPermanent: false, "no access token for this client id and secret");
        var (token, lifetime) = Read(answer);
        // Two at once ask twice, and both tokens are good.
        Volatile.Write(ref kept, new Kept(token, time.GetUtcNow() + (lifetime > Shortest ? lifetime - Early : Early)));
        return token;
    }

    /// <summary>Forgets a token that was refused.</summary>
    public void Refused(HttpStatusCode status)
    {
        if (status == HttpStatusCode.Unauthorized)
            Volatile.Write(ref kept, null);
    }

    private static (string Token, TimeSpan Lifetime) Read(DownstreamAnswer answer)
    {
        try
        {
            var json = JsonElement.Parse(answer.Text);
            return (json.GetProperty("access_token").GetString()!, TimeSpan.FromSeconds(json.GetProperty("expires_in").GetDouble()));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Not passed on: it may quote the token.
            throw answer.Failure(isPermanent: false, "an answer without access_token and expires_in");
        }
    }

    private sealed record Kept(string Token, DateTimeOffset Until);
}

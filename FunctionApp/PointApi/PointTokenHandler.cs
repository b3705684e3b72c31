using System.Net.Http.Headers;
using Azure.Core;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;

namespace PointWebhooks.PointApi;

/// <summary>
/// Adds the bearer token to each call of the Syskit Point API. The credential caches tokens until shortly before they expire.
/// </summary>
internal sealed class PointTokenHandler(PointCredential credential, IOptions<PointOptions> options) : DelegatingHandler
{
    private readonly TokenCredential tokens = new RedactingCredential(credential.Token);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetTokenAsync(
            new TokenRequestContext([$"{options.Value.ApiClientId}/.default"]), cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        return await base.SendAsync(request, cancellationToken);
    }
}

using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;

namespace PointWebhooks.Registration;

/// <summary>
/// The part of the Syskit Point API that webhooks need. Every call throws <see cref="HttpRequestException"/>, with the status but
/// without the vendor's text, which may quote an endpoint's url and so its secret.
/// </summary>
public sealed class PointApiClient(IHttpClientFactory clients, IOptions<PointOptions> options)
{
    /// <summary>The name of the HTTP client, which carries the token and the resilience.</summary>
    public const string ClientName = "SyskitPoint";

    private const string EndpointsPath = "v1.0/webhooks/endpoints";

    /// <summary>Lists the registered endpoints.</summary>
    public async Task<IReadOnlyList<PointEndpoint>> ListEndpointsAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, EndpointsPath, null, cancellationToken);
        return await response.Content.ReadFromJsonAsync(PointApiJsonContext.Default.IReadOnlyListPointEndpoint, cancellationToken) ?? [];
    }

    /// <summary>Registers an endpoint.</summary>
    public async Task AddEndpointAsync(PointEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(endpoint, PointApiJsonContext.Default.PointEndpoint);
        using var response = await SendAsync(HttpMethod.Post, EndpointsPath, body, cancellationToken);
    }

    /// <summary>Removes an endpoint.</summary>
    public async Task RemoveEndpointAsync(string url, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new PointEndpoint(url, null), PointApiJsonContext.Default.PointEndpoint);
        using var response = await SendAsync(HttpMethod.Delete, EndpointsPath, body, cancellationToken);
    }

    /// <summary>Reads the options, which hold the signature key.</summary>
    public async Task<PointServiceOptions> GetOptionsAsync(CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, "v1.0/options", null, cancellationToken);
        return await response.Content.ReadFromJsonAsync(PointApiJsonContext.Default.PointServiceOptions, cancellationToken)
            ?? new PointServiceOptions(null);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var url = new Uri(new Uri(options.Value.BaseUrl!.TrimEnd('/') + '/'), path);
        using var request = new HttpRequestMessage(method, url) { Content = content };
        var response = await clients.CreateClient(ClientName).SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            throw new HttpRequestException(
                $"Syskit Point answered {method} /{path} with {(int)response.StatusCode}.", null, response.StatusCode);
        }
    }
}

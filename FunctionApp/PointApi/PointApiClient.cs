using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Azure.Identity;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using Polly;

namespace PointWebhooks.PointApi;

/// <summary>The part of the Syskit Point API that webhooks need. Every call throws <see cref="PointApiException"/> when it fails.</summary>
internal sealed partial class PointApiClient(
    IHttpClientFactory clients, PointCredential credential, IOptions<PointOptions> options, TimeProvider time)
{
    /// <summary>The name of the HTTP client, which carries the token and the resilience.</summary>
    public const string ClientName = "SyskitPoint";

    /// <summary>The longest answer that is read, in bytes: far more than a list of endpoints takes.</summary>
    public const int LongestAnswer = 4 * 1024 * 1024;

    private const string EndpointsPath = "v1.0/webhooks/endpoints";
    private const string OptionsPath = "v1.0/options";

    // Longer than all tries of a call take: what takes longer is a body that does not end, which nothing else would stop.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private volatile PointApiCall? lastCall;

    /// <summary>The last call of this instance, or null when there was none.</summary>
    public PointApiCall? LastCall => lastCall;

    /// <summary>
    /// Lists the registered endpoints, or returns null where the API cannot: before the cloud of 2025-09-30 and Enterprise 2025.5
    /// it could only register, and answers 404 or 405.
    /// </summary>
    public async Task<IReadOnlyList<PointEndpoint>?> ListEndpointsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listed = await ReadAsync(EndpointsPath, PointApiJsonContext.Default.IReadOnlyListPointEndpoint, cancellationToken);
            return [.. (listed ?? []).OfType<PointEndpoint>()];
        }
        catch (PointApiException e) when (e.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            return null;
        }
    }

    public async Task AddEndpointAsync(PointEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(endpoint, PointApiJsonContext.Default.PointEndpoint);
        using var response = await SendAsync(HttpMethod.Post, EndpointsPath, body, cancellationToken);
    }

    /// <summary>Removes an endpoint; one that is not there is removed already.</summary>
    public async Task RemoveEndpointAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using var body = JsonContent.Create(new PointEndpoint(url, null), PointApiJsonContext.Default.PointEndpoint);
            using var response = await SendAsync(HttpMethod.Delete, EndpointsPath, body, cancellationToken);
        }
        catch (PointApiException e) when (e.Status == HttpStatusCode.NotFound)
        {
            // Gone is what was asked for.
        }
    }

    /// <summary>Reads the options, which hold the signature key.</summary>
    public async Task<PointServiceOptions> GetOptionsAsync(CancellationToken cancellationToken) =>
        await ReadAsync(OptionsPath, PointApiJsonContext.Default.PointServiceOptions, cancellationToken) ?? new PointServiceOptions(null);

    private async Task<T?> ReadAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        // JSON is UTF-8 (RFC 8259), whatever charset the answer names; .NET would refuse one that it does not know.
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).TrimStart('\uFEFF');
        try
        {
            return string.IsNullOrWhiteSpace(text) ? default : JsonSerializer.Deserialize(QuoteStar(text), type);
        }
        catch (JsonException)
        {
            // Not passed on: it quotes a literal of the answer, which may be the signature key.
            throw PointApiErrors.Unreadable(HttpMethod.Get, path);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var url = new Uri(new Uri(options.Value.BaseUrl!.TrimEnd('/') + '/'), path);
        using var request = new HttpRequestMessage(method, url) { Content = content };
        HttpResponseMessage? response = null;
        var (at, begun) = (time.GetUtcNow(), time.GetTimestamp());
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            response = await clients.CreateClient(ClientName).SendAsync(request, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw PointApiErrors.NoAnswer(method, path, limit.IsCancellationRequested
                ? new TimeoutException($"Its answer had not ended after {Longest.TotalSeconds} s", e)
                : e);
        }
        catch (AuthenticationFailedException e)
        {
            throw PointApiErrors.NoToken(credential.Description, e);
        }
        catch (Exception e) when (e is HttpRequestException or ExecutionRejectedException)
        {
            throw PointApiErrors.NoAnswer(method, path, e);
        }
        finally
        {
            lastCall = new PointApiCall(at, (long)time.GetElapsedTime(begun).TotalMilliseconds, (int?)response?.StatusCode);
        }

        if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType != "text/html")
            return response;

        using (response)
        {
            throw response.IsSuccessStatusCode ? PointApiErrors.WebPage(method, path)
                : (int)response.StatusCode is >= 300 and < 400 ? PointApiErrors.Redirect(method, path, response)
                : PointApiErrors.For(method, path, response.StatusCode, credential.Description);
        }
    }

    // How a list of all types comes back is not documented. [*] without quotes is not JSON, and not worth a failed registration.
    private static string QuoteStar(string json) => BareStar().Replace(json, """$1["*"]""");

    [GeneratedRegex("""("types"\s*:\s*)\[\s*\*\s*\]""", RegexOptions.IgnoreCase)]
    private static partial Regex BareStar();
}

using System.Net.Http.Headers;
using System.Text;

namespace PointWebhooks.Simulator;

/// <summary>What can be asked of a deployed app.</summary>
/// <param name="http">A client whose base address is the app's.</param>
internal sealed class DeployedApp(HttpClient http)
{
    /// <summary>Where the app receives events.</summary>
    public const string ReceiverPath = "/api/webhooks/point";

    private const string KeyHeader = "x-functions-key";

    /// <summary>Reads a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="functionKey">A function key or the master key, or null where none is asked for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<AppAnswer> GetAsync(string path, string? functionKey, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), functionKey, cancellationToken);

    /// <summary>Sends a signed event.</summary>
    public async Task<AppAnswer> SendEventAsync(byte[] body, string signatureKey, CancellationToken cancellationToken)
    {
        using var response = await new WebhookSender(http).SendAsync(
            new Uri(http.BaseAddress!, ReceiverPath), body, signatureKey, cancellationToken: cancellationToken);
        return await AppAnswer.ReadAsync(response, cancellationToken);
    }

    /// <summary>Sends an event without a signature, which the app's receiver refuses by name.</summary>
    public Task<AppAnswer> SendUnsignedAsync(Uri url, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, url) { Content = Json("{}") }, null, cancellationToken);

    /// <summary>Has the Functions host run a function that HTTP does not trigger.</summary>
    public Task<AppAnswer> RunFunctionAsync(string function, string masterKey, CancellationToken cancellationToken) =>
        SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"/admin/functions/{function}") { Content = Json("{}") }, masterKey, cancellationToken);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private async Task<AppAnswer> SendAsync(HttpRequestMessage request, string? key, CancellationToken cancellationToken)
    {
        using (request)
        {
            if (key is not null)
                request.Headers.TryAddWithoutValidation(KeyHeader, key);
            using var response = await http.SendAsync(request, cancellationToken);
            return await AppAnswer.ReadAsync(response, cancellationToken);
        }
    }
}

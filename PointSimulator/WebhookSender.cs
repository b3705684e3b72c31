using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace PointWebhooks.Simulator;

/// <summary>Sends events as Syskit Point does: signed with HMAC-SHA256 over the body, with the key's text as the key.</summary>
public sealed class WebhookSender(HttpClient http)
{
    /// <summary>The signature of a body.</summary>
    public static string Sign(ReadOnlySpan<byte> body, string key) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), body));

    /// <summary>Sends a body, signed.</summary>
    /// <param name="url">Where to.</param>
    /// <param name="body">The body.</param>
    /// <param name="key">The signature key.</param>
    /// <param name="chunked">Whether to send it in chunks, without a Content-Length.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Uri url, byte[] body, string key, bool chunked = false, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Signature", Sign(body, key));
        request.Headers.Add("Algorithm", "HMACSHA256");
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        return await http.SendAsync(request, cancellationToken);
    }
}

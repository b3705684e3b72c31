using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>
/// What every instance of this deployment answers to an unsigned request, so that its self-check can tell it from another
/// deployment: a hash of the url that it is to receive at. It holds no secret: the query is left out.
/// </summary>
internal sealed class EndpointMark(IOptions<PointOptions> options)
{
    /// <summary>The header of the answer.</summary>
    public const string Header = "Point-Webhooks-Endpoint";

    private const int Length = 16;

    /// <summary>The mark of this deployment.</summary>
    public string Value { get; } = Of(options.Value);

    /// <summary>The mark: 16 hex digits.</summary>
    public static string Of(PointOptions options)
    {
        var url = new Uri(options.EndpointUrl!).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url.ToUpperInvariant())))[..Length];
    }
}

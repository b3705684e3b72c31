using System.Globalization;
using System.Text.Json;

namespace PointWebhooks.Simulator.Downstream;

/// <summary>What a system downstream answers.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body.</param>
/// <param name="MediaType">Its type.</param>
public sealed record DownstreamAnswer(int Status, string Body = "", string MediaType = "application/json")
{
    /// <summary>Further headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>An answer in JSON.</summary>
    public static DownstreamAnswer Json(int status, object body) => new(status, JsonSerializer.Serialize(body));

    /// <summary>The answer to too many calls.</summary>
    /// <param name="retryAfter">When to call again, in whole seconds.</param>
    public static DownstreamAnswer TooMany(TimeSpan retryAfter) => new(429, "<html>Too many requests</html>", "text/html")
    {
        Headers = new Dictionary<string, string>
        {
            ["Retry-After"] = ((int)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture),
        },
    };
}

using System.Globalization;
using System.Text;
using Azure.Messaging;

namespace PointWebhooks.Handlers.CloudEvents;

/// <summary>
/// The attributes of a CloudEvent as HTTP headers (binary content mode of the HTTP protocol binding 1.0.2, section 3.1). What a header
/// cannot carry is percent-encoded as the binding has it: blanks, quotes, percent signs and all that is not ASCII, as UTF-8.
/// </summary>
internal static class BinaryMode
{
    /// <summary>The headers, but for <c>Content-Type</c>, which is the type of the data.</summary>
    public static IReadOnlyDictionary<string, string> Headers(CloudEvent cloudEvent)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ce-specversion"] = "1.0",
            ["ce-id"] = Encoded(cloudEvent.Id),
            ["ce-source"] = Encoded(cloudEvent.Source),
            ["ce-type"] = Encoded(cloudEvent.Type),
        };
        if (cloudEvent.Subject is { } subject)
            headers["ce-subject"] = Encoded(subject);
        if (cloudEvent.Time is { } time)
            headers["ce-time"] = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
        foreach (var (name, value) in cloudEvent.ExtensionAttributes)
            headers[$"ce-{name}"] = Encoded((string)value);
        return headers;
    }

    private static string Encoded(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is > 0x20 and < 0x7F and not (byte)'"' and not (byte)'%')
                encoded.Append((char)b);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }

        return encoded.ToString();
    }
}

using System.Net;
using PointWebhooks.Handlers.Templates;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>What a system answered.</summary>
/// <param name="System">What operators call it, such as <c>Jira</c>.</param>
/// <param name="Called">What was called, such as <c>POST to contoso.atlassian.net</c>.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="MediaType">The media type of the text, or null.</param>
/// <param name="Text">The body.</param>
/// <param name="RetryAfter">The time in <c>Retry-After</c>, from now, or null.</param>
/// <param name="Secrets">Texts that must not be quoted.</param>
internal sealed record DownstreamAnswer(
    string System,
    string Called,
    HttpStatusCode Status,
    string? MediaType,
    string Text,
    TimeSpan? RetryAfter,
    IReadOnlyList<string?> Secrets)
{
    // RFC 8470, which .NET has no name for.
    private const HttpStatusCode TooEarly = (HttpStatusCode)425;

    // Enough for a sentence, and no more of what somebody else says.
    private const int LongestQuote = 200;

    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>
    /// Whether trying again is of no use until somebody changes something: a redirect, or a 4xx that is none of those by which a system
    /// asks for patience.
    /// </summary>
    public bool IsPermanent => (int)Status is >= 300 and < 500
        && Status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.Conflict or TooEarly or HttpStatusCode.TooManyRequests);

    /// <summary>The failure that it is, as <see cref="IsPermanent"/> says.</summary>
    /// <param name="words">What the system said about it, taken out of the text by who knows its form; or null.</param>
    public Exception Failure(string? words = null) => Failure(IsPermanent, words);

    /// <summary>The failure that it is.</summary>
    /// <param name="isPermanent">Whether trying again is of no use.</param>
    /// <param name="words">What the system said about it, taken out of the text by who knows its form; or null.</param>
    public Exception Failure(bool isPermanent, string? words = null)
    {
        var said = string.IsNullOrWhiteSpace(words) ? "." : $": {Quote(words)}";
        var message = $"{System} answered {Called} with {(int)Status}{said}";
        return isPermanent ? new PermanentFailureException(message) : new TransientFailureException(message, RetryAfter);
    }

    /// <summary>A text of the system's, on one line, cut, and without secrets.</summary>
    public string Quote(string words)
    {
        foreach (var secret in Secrets.Where(secret => !string.IsNullOrEmpty(secret)))
            words = words.Replace(secret!, "…", StringComparison.OrdinalIgnoreCase);
        return EventTemplate.Cut(LogText.OneLine(words).Trim(), LongestQuote);
    }
}

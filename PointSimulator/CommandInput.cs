using System.CommandLine.Parsing;
using System.Net.Sockets;

namespace PointWebhooks.Simulator;

/// <summary>What the commands take from their caller: urls, secrets of the environment.</summary>
internal static class CommandInput
{
    /// <summary>Reads an absolute http or https url, or adds an error.</summary>
    public static Uri? ParseUrl(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            return url;
        }

        // Not the text itself, which may hold a secret.
        result.AddError($"{result.Argument.Name} is not an absolute http or https url.");
        return null;
    }

    /// <summary>Adds an error when a number is out of its range; what is no number has one already.</summary>
    public static void CheckRange(OptionResult result, int least, int most)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && (value < least || value > most))
            result.AddError($"{result.Option.Name} is not between {least} and {most}.");
    }

    /// <summary>A secret of the environment, or null; without the line break that shells and files put at its end.</summary>
    public static string? Secret(string variable) =>
        Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } value ? value : null;

    /// <summary>A client that sends nothing on to where a server points it, and keeps no answer of any length.</summary>
    /// <param name="timeout">How long an answer may take, to its end.</param>
    public static HttpClient CreateClient(TimeSpan timeout) => new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = 1 << 20,
    };

    /// <summary>A url for people: without user, password, query and fragment, which may be secrets.</summary>
    public static string Display(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Why there is no answer, as the end of a sentence.</summary>
    public static string WhyNoAnswer(Exception exception, TimeSpan timeout) => exception switch
    {
        OperationCanceledException => $"did not answer within {timeout.TotalSeconds:0.#} s.",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"makes no TLS connection: {Cause(exception)}",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "answers with more than a megabyte.",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "closed the connection without an answer.",
        // While it was connected: what fails before has the socket's error in the exception itself.
        { InnerException.InnerException: SocketException } => $"broke the connection off: {Cause(exception)}",
        _ => $"did not answer: {Cause(exception)}",
    };

    private static string Cause(Exception exception) => OneLine.Of(exception.GetBaseException().Message, 300);
}

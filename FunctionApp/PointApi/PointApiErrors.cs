using System.Net;
using PointWebhooks.Telemetry;

namespace PointWebhooks.PointApi;

/// <summary>What an operator reads when a call of the Syskit Point API fails.</summary>
internal static class PointApiErrors
{
    public static PointApiException For(HttpMethod method, string path, HttpStatusCode status, string identity)
    {
        var answered = $"Syskit Point answered {method} /{path} with {(int)status}";
        return new PointApiException(
            status switch
            {
                HttpStatusCode.Unauthorized =>
                    $"{answered}: it does not accept the token of {identity}. Check that Point:ApiClientId is the Syskit Point API application of the same tenant, and that this identity has the app role Point.Admin there.",
                HttpStatusCode.Forbidden =>
                    $"{answered}: {identity} lacks the app role Point.Admin on the Syskit Point API application. Assign it; it counts from the next token on, which may take a day for a managed identity.",
                HttpStatusCode.NotFound =>
                    $"{answered}. Check that Point:BaseUrl is the address of the Syskit Point web app.",
                HttpStatusCode.TooManyRequests => $"{answered}: too many calls. The next run tries again.",
                _ => $"{answered}.",
            },
            status);
    }

    public static PointApiException Redirect(HttpMethod method, string path, HttpResponseMessage response) => new(
        $"Syskit Point answered {method} /{path} with a redirect to {Redaction.Target(response)}, which is not followed. "
        + "Set Point:BaseUrl to the address of the Syskit Point web app itself.",
        response.StatusCode);

    public static PointApiException WebPage(HttpMethod method, string path) => new(
        $"Syskit Point answered {method} /{path} with a web page instead of data. Check that Point:BaseUrl is the address of the Syskit Point web app and that no sign-in page or proxy stands before it.");

    public static PointApiException Unreadable(HttpMethod method, string path) => new(
        $"Syskit Point answered {method} /{path} with something that is not the documented JSON.");

    public static PointApiException NoToken(string identity, Exception cause) => new(
        $"Microsoft Entra ID gave no token to {identity}: {cause.Message}", null, cause);

    public static PointApiException NoAnswer(HttpMethod method, string path, Exception cause) => new(
        $"Syskit Point did not answer {method} /{path}: {cause.Message.TrimEnd('.')}.", null, cause);
}

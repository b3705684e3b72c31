using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Registration;

/// <summary>
/// Calls the registered url as Syskit Point would, but unsigned, and expects this app's own refusal: so that a url that leads
/// nowhere, to another app or to a sign-in page is found out before an event is lost there.
/// </summary>
internal sealed partial class SelfCheck(
    IHttpClientFactory clients, IOptions<PointOptions> options, EndpointMark mark, TimeProvider time, ILogger<SelfCheck> logger)
{
    /// <summary>The name of the HTTP client: it follows no redirect, as Syskit Point need not.</summary>
    public const string ClientName = "SelfCheck";

    /// <summary>The most that is read of an answer, in bytes: this app's own is a short problem.</summary>
    public const int LongestAnswer = 64 * 1024;

    private const string ExpectedReason = "signature-missing";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Calls the url.</summary>
    /// <returns>What is wrong and what to do about it, or null when this app answers there.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var problem = await CallAsync(cancellationToken);
        if (problem is not null)
            LogFailed(problem);
        return problem;
    }

    private async Task<string?> CallAsync(CancellationToken cancellationToken)
    {
        var url = Redaction.Url(options.Value.EndpointUrl);
        using var timeout = new CancellationTokenSource(Limit, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.EndpointUrl) { Content = new StringContent("{}") };
            request.Headers.Add(EndpointMark.Header, mark.Value);
            using var response = await clients.CreateClient(ClientName).SendAsync(request, limit.Token);
            return await ProblemOfAsync(url, response, limit.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return NotThisApp(url, $"more than {LongestAnswer / 1024} KiB");
        }
        catch (HttpRequestException e)
        {
            return $"{url} cannot be reached from this app ({e.HttpRequestError}). Check Point:EndpointUrl, its DNS name and its certificate.";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{url} did not answer within {Limit.TotalSeconds} s. Check Point:EndpointUrl, and what stands between it and this app.";
        }
    }

    private async Task<string?> ProblemOfAsync(string url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
            return $"{url} redirects to {Redaction.Target(response)}. Set Point:EndpointUrl to the url that receives.";
        if (status == 404)
            return $"{url} answers 404: nothing receives there. Point:EndpointUrl usually ends in {PointOptions.ReceiverPath}.";
        if (await ReasonOfAsync(response, cancellationToken) != ExpectedReason)
            return NotThisApp(url, $"{status}");

        return response.Headers.TryGetValues(EndpointMark.Header, out var marks) && marks.Contains(mark.Value)
            ? null
            : $"{url} is answered by another deployment of this app. Check Point:EndpointUrl.";
    }

    private static string NotThisApp(string url, string what) =>
        $"{url} answers {what}, not as this app does. Another app, a gateway or a sign-in page stands there: "
        + "check Point:EndpointUrl, and let anonymous POST requests through to this app.";

    private static async Task<string?> ReasonOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        try
        {
            using var problem = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("reason", out var reason)
                && reason.ValueKind == JsonValueKind.String
                ? reason.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(46, LogLevel.Error, "The registered url does not lead to this app: {Problem}")]
    private partial void LogFailed(string problem);
}

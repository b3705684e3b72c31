using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace PointWebhooks.Simulator;

/// <summary>
/// Sees an app that was just deployed at work: it is healthy, accepts a signed event and completes it. The event is of a type that
/// is not documented, so no handler of a documented type acts on it.
/// </summary>
/// <param name="http">A client whose base address is the app's.</param>
/// <param name="tell">Takes one line for each step.</param>
public sealed class DeploymentCheck(HttpClient http, Action<string> tell)
{
    /// <summary>The type of the event that is sent.</summary>
    public const string EventType = "DeploymentCheck";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Takes every step, and again until it goes well or the time is up.</summary>
    /// <param name="signatureKey">The signature key of Syskit Point, or null to check the health alone.</param>
    /// <param name="functionKey">A function key, or null where none is asked for.</param>
    /// <param name="timeout">The time that all steps together may take.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Whether every step went well.</returns>
    public async Task<bool> RunAsync(string? signatureKey, string? functionKey, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        if (!await BecomesAsync("GET /api/health", HttpStatusCode.OK, () => http.GetAsync("/api/health", cancellationToken)))
            return false;
        if (signatureKey is null)
            return true;

        var key = $"deployment-check-{Guid.NewGuid()}";
        var body = SampleEvents.Body(EventType, key);
        var receiver = new Uri(http.BaseAddress!, "/api/webhooks/point");
        using (var answer = await new WebhookSender(http).SendAsync(receiver, body, signatureKey, cancellationToken: cancellationToken))
        {
            tell($"POST /api/webhooks/point answers {(int)answer.StatusCode} to the event {key}.");
            if (answer.StatusCode != HttpStatusCode.Accepted)
                return false;
        }

        return await BecomesAsync($"GET /api/events/{key}", HttpStatusCode.OK, () => EventAsync(key, functionKey, cancellationToken), "Completed");

        async Task<bool> BecomesAsync(string what, HttpStatusCode status, Func<Task<HttpResponseMessage>> ask, string? state = null)
        {
            while (true)
            {
                var (seen, isGood, isFinal) = await LookAsync(ask, status, state, cancellationToken);
                if (isGood || isFinal || started.Elapsed > timeout)
                {
                    tell($"{what} {seen}{(isGood ? "." : isFinal ? ": set POINT_FUNCTION_KEY to a function key of the app." : $" after {timeout.TotalSeconds:0} s.")}");
                    return isGood;
                }

                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static async Task<(string Seen, bool IsGood, bool IsFinal)> LookAsync(
        Func<Task<HttpResponseMessage>> ask, HttpStatusCode status, string? state, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await ask();
            var seen = answer.IsSuccessStatusCode && state is not null
                ? (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("state").GetString()
                : null;
            return (
                $"answers {(int)answer.StatusCode}{(seen is null ? "" : $", {seen}")}",
                answer.StatusCode == status && seen == state,
                answer.StatusCode == HttpStatusCode.Unauthorized);
        }
        catch (HttpRequestException e)
        {
            return ($"does not answer ({e.HttpRequestError})", false, false);
        }
    }

    private async Task<HttpResponseMessage> EventAsync(string key, string? functionKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events/{key}");
        if (functionKey is not null)
            request.Headers.Add("x-functions-key", functionKey);
        return await http.SendAsync(request, cancellationToken);
    }
}

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

    private readonly Stopwatch elapsed = new();

    /// <summary>Takes one step after the other, and each until it goes well or the time is up.</summary>
    /// <param name="signatureKey">The signature key of Syskit Point, or null to check the health alone.</param>
    /// <param name="functionKey">A function key, or null where none is asked for.</param>
    /// <param name="timeout">The time that all steps together may take.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Whether every step went well.</returns>
    public async Task<bool> RunAsync(string? signatureKey, string? functionKey, TimeSpan timeout, CancellationToken cancellationToken)
    {
        elapsed.Restart();
        if (!await RepeatAsync("GET /api/health", () => HealthAsync(cancellationToken), timeout, cancellationToken))
            return false;
        if (signatureKey is null)
            return true;

        var key = $"deployment-check-{Guid.NewGuid()}";
        var path = $"/api/events/{key}";
        return await SendAsync(key, signatureKey, cancellationToken)
            && await RepeatAsync($"GET {path}", () => EventAsync(path, functionKey, cancellationToken), timeout, cancellationToken);
    }

    private async Task<bool> RepeatAsync(string what, Func<Task<Sight>> look, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sight = await look();
            if (sight.IsGood is not null || elapsed.Elapsed > timeout)
            {
                tell($"{what} {sight.What}");
                return sight.IsGood == true;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<Sight> HealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("/api/health", cancellationToken);
            return new Sight(answer.StatusCode == HttpStatusCode.OK ? true : null, $"answers {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            return new Sight(null, $"does not answer: {e.HttpRequestError}.");
        }
    }

    private async Task<bool> SendAsync(string key, string signatureKey, CancellationToken cancellationToken)
    {
        var receiver = new Uri(http.BaseAddress!, "/api/webhooks/point");
        var body = SampleEvents.Body(EventType, key);
        using var answer = await new WebhookSender(http).SendAsync(receiver, body, signatureKey, cancellationToken: cancellationToken);
        tell($"POST {receiver.AbsolutePath} answers {(int)answer.StatusCode} to the event {key}.");
        return answer.StatusCode == HttpStatusCode.Accepted;
    }

    private async Task<Sight> EventAsync(string path, string? functionKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (functionKey is not null)
            request.Headers.Add("x-functions-key", functionKey);
        using var answer = await http.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            return new Sight(false, "answers 401: set POINT_FUNCTION_KEY to a function key of the app.");
        if (!answer.IsSuccessStatusCode)
            return new Sight(null, $"answers {(int)answer.StatusCode}.");

        var state = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("state").GetString();
        return new Sight(state == "Completed" ? true : null, $"answers 200, {state}.");
    }

    // What a step saw: good, bad for good, or (null) not there yet.
    private sealed record Sight(bool? IsGood, string What);
}

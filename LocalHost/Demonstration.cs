using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PointWebhooks.LocalHost.Downstream;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>Shows the app at work: registered, three events, a duplicate, a forgery; each step is said, and checked.</summary>
/// <param name="point">The simulated Syskit Point.</param>
/// <param name="functions">Where the functions listen.</param>
/// <param name="tell">Takes a line of the story.</param>
/// <param name="handlers">What handlers do meanwhile in the systems that they work with; null where there are none.</param>
/// <param name="patience">How long each answer and each event is waited for; null for 30 seconds.</param>
internal sealed class Demonstration(
    SimulatedPoint point, Uri functions, Action<string> tell, HandlerStory? handlers = null, TimeSpan? patience = null)
{
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan stepTimeout = patience ?? TimeSpan.FromSeconds(30);
    private readonly Uri receiver = new(functions, Settings.PointOptions.ReceiverPath);
    private bool hasSucceeded = true;

    /// <summary>Runs every step.</summary>
    /// <returns>Whether all went as expected.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = functions, Timeout = stepTimeout };
        try
        {
            await TellStoryAsync(http, cancellationToken);
        }
        catch (Exception e) when (
            e is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            Check(false, "", $"The functions do not answer as expected: {OneLine.Of(e.Message, 300)}");
        }

        tell(hasSucceeded ? "Every step went as expected." : "NOT every step went as expected.");
        return hasSucceeded;
    }

    private async Task TellStoryAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var sender = new WebhookSender(http);
        Check(
            point.Endpoints.ContainsKey(receiver.ToString()),
            $"Registered with Syskit Point: {receiver}",
            $"{receiver} is not registered with Syskit Point.");

        if (handlers is not null)
            tell(handlers.Beginning);
        var (lastKey, lastBody) = ("", Array.Empty<byte>());
        foreach (var type in SampleEvents.Types)
        {
            lastKey = Guid.NewGuid().ToString();
            lastBody = SampleEvents.Body(type, lastKey);
            if (await SendAsync(sender, HttpStatusCode.Accepted, $"{type} {lastKey}", lastBody, point.SignatureKey, cancellationToken))
                await CheckCompletesAsync(http, lastKey, cancellationToken);
        }

        var before = (await EventAsync(http, lastKey, cancellationToken)).History;
        await SendAsync(sender, HttpStatusCode.OK, "the same event once more", lastBody, point.SignatureKey, cancellationToken);
        Check(
            (await EventAsync(http, lastKey, cancellationToken)).History == before,
            "The duplicate was not processed again.",
            "The duplicate was processed again.");
        var forged = SampleEvents.Body("ProvisioningCompleted", Guid.NewGuid().ToString());
        await SendAsync(sender, HttpStatusCode.Unauthorized, "a forged event", forged, "not the key", cancellationToken);
        if (handlers is not null)
            await TellOfHandlersAsync(handlers, http, sender, cancellationToken);
    }

    // The last of the events was a failure: the workspace is provisioned after all.
    private async Task TellOfHandlersAsync(
        HandlerStory story, HttpClient http, WebhookSender sender, CancellationToken cancellationToken)
    {
        Tell(story.AfterFailure());
        var key = Guid.NewGuid().ToString();
        var body = SampleEvents.Body("ProvisioningCompleted", key, url: story.WorkspaceUrl);
        var what = $"ProvisioningCompleted {key} for {story.WorkspaceUrl}";
        if (!await SendAsync(sender, HttpStatusCode.Accepted, what, body, point.SignatureKey, cancellationToken))
            return;
        await CheckCompletesAsync(http, key, cancellationToken);
        Tell(story.AfterSuccess((await EventAsync(http, key, cancellationToken)).Id));
    }

    private void Tell(IEnumerable<StoryStep> steps)
    {
        foreach (var (isAsExpected, story, complaint) in steps)
            Check(isAsExpected, story, complaint);
    }

    private async Task<bool> SendAsync(
        WebhookSender sender, HttpStatusCode expected, string what, byte[] body, string key, CancellationToken cancellationToken)
    {
        using var response = await sender.SendAsync(receiver, body, key, cancellationToken: cancellationToken);
        var answer = $"Sent {what}: answered {(int)response.StatusCode} {response.StatusCode}";
        return Check(response.StatusCode == expected, answer + ".", $"{answer} instead of {(int)expected}.");
    }

    private async Task CheckCompletesAsync(HttpClient http, string key, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + stepTimeout;
        var seen = await EventAsync(http, key, cancellationToken);
        while (seen.State is not ("Completed" or "Dead") && DateTime.UtcNow < deadline)
        {
            await Task.Delay(LookPause, cancellationToken);
            seen = await EventAsync(http, key, cancellationToken);
        }

        var says = $"/api/events/{key} says {seen.State}";
        Check(
            seen.State == "Completed",
            $"Queued and processed: {says}.",
            seen.State == "Dead" ? $"{says}: {OneLine.Of(seen.Error, 300)}" : $"{says} after {stepTimeout.TotalSeconds} s.");
    }

    private async Task<(string Id, string State, int History, string Error)> EventAsync(
        HttpClient http, string key, CancellationToken cancellationToken)
    {
        var deadline = DateTime.UtcNow + stepTimeout;
        while (true)
        {
            using var answer = await http.GetAsync($"/api/events/{key}", cancellationToken);
            // The storage emulator of a busy machine is not always in time.
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && DateTime.UtcNow < deadline)
            {
                await Task.Delay(LookPause, cancellationToken);
                continue;
            }

            var found = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            return (
                found.GetProperty("id").GetString() ?? "",
                found.GetProperty("state").GetString() ?? "",
                found.GetProperty("history").GetArrayLength(),
                found.TryGetProperty("lastError", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString()! : "");
        }
    }

    private bool Check(bool isAsExpected, string story, string complaint)
    {
        tell(isAsExpected ? story : $"FAILED: {complaint}");
        hasSucceeded &= isAsExpected;
        return isAsExpected;
    }
}

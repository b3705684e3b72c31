using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>Shows the app at work: registered, three events, a duplicate, a forgery; each step is said, and checked.</summary>
internal sealed class Demonstration(SimulatedPoint point, Uri functions)
{
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(30);

    private bool succeeded = true;

    /// <summary>Says a line of the story.</summary>
    public static void Tell(string line) => Console.WriteLine($"==> {line}");

    /// <summary>Runs every step.</summary>
    /// <returns>Whether all went as expected.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = functions };
        var sender = new WebhookSender(http);
        var receiver = point.Endpoints.Keys.SingleOrDefault();
        Check(receiver is not null, $"Registered with Syskit Point: {receiver}", "The endpoint is not registered with Syskit Point.");
        var url = new Uri(receiver ?? new Uri(functions, Settings.PointOptions.ReceiverPath).ToString());

        var (lastKey, lastBody) = ("", Array.Empty<byte>());
        foreach (var type in SampleEvents.Types)
        {
            lastKey = Guid.NewGuid().ToString();
            lastBody = SampleEvents.Body(type, lastKey);
            await ExpectAsync(
                HttpStatusCode.Accepted,
                $"{type} {lastKey}",
                sender.SendAsync(url, lastBody, point.SignatureKey, cancellationToken: cancellationToken));
            await ExpectCompletedAsync(http, lastKey, cancellationToken);
        }

        var before = await HistoryLengthAsync(http, lastKey, cancellationToken);
        await ExpectAsync(
            HttpStatusCode.OK,
            "the same event once more",
            sender.SendAsync(url, lastBody, point.SignatureKey, cancellationToken: cancellationToken));
        Check(
            await HistoryLengthAsync(http, lastKey, cancellationToken) == before,
            "The duplicate was not processed again.",
            "The duplicate was processed again.");
        await ExpectAsync(
            HttpStatusCode.Unauthorized,
            "a forged event",
            sender.SendAsync(
                url,
                SampleEvents.Body("ProvisioningCompleted", Guid.NewGuid().ToString()),
                "not the key",
                cancellationToken: cancellationToken));
        Tell(succeeded ? "Every step went as expected." : "NOT every step went as expected.");
        return succeeded;
    }

    private async Task ExpectAsync(HttpStatusCode expected, string what, Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var answer = $"Sent {what}: answered {(int)response.StatusCode} {response.StatusCode}";
        Check(response.StatusCode == expected, answer + ".", $"{answer} instead of {(int)expected}.");
    }

    private async Task ExpectCompletedAsync(HttpClient http, string key, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StepTimeout);
        var state = "";
        try
        {
            while (state != "Completed")
            {
                state = (await EventAsync(http, key, deadline.Token)).GetProperty("state").GetString();
                if (state != "Completed")
                    await Task.Delay(50, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The state says it.
        }

        Check(
            state == "Completed",
            $"Queued and processed: /api/events/{key} says {state}.",
            $"/api/events/{key} says {state} after {StepTimeout.TotalSeconds} s.");
    }

    private static async Task<int> HistoryLengthAsync(HttpClient http, string key, CancellationToken cancellationToken) =>
        (await EventAsync(http, key, cancellationToken)).GetProperty("history").GetArrayLength();

    private static async Task<JsonElement> EventAsync(HttpClient http, string key, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<JsonElement>($"/api/events/{Uri.EscapeDataString(key)}", cancellationToken);

    private void Check(bool isAsExpected, string story, string complaint)
    {
        Tell(isAsExpected ? story : $"FAILED: {complaint}");
        succeeded &= isAsExpected;
    }
}

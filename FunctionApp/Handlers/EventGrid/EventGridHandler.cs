using System.Net.Http.Headers;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Azure.Messaging.EventGrid;
using PointWebhooks.Events;
using PointWebhooks.Handlers.CloudEvents;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Handlers.EventGrid;

/// <summary>
/// Publishes events to a topic of Event Grid. It knows no repetition and delivers at least once: who consumes them goes by the
/// CloudEvent's <c>id</c>.
/// </summary>
internal sealed class EventGridHandler(EventGridPublisherClient topic, Uri endpoint, string source, TimeProvider time)
    : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        try
        {
            await topic.SendEventAsync(PointCloudEvent.Of(pointEvent, context, source), cancellationToken);
        }
        catch (RequestFailedException e)
        {
            throw Failure(e);
        }
        // A limit of the client's own, or an answer that breaks off.
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw NoAnswer(e);
        }
        catch (AuthenticationFailedException e)
        {
            throw new TransientFailureException($"Microsoft Entra ID gave the app's identity no token: {e.Message}", null, e);
        }

        context.Report($"Published to {endpoint.Host}");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        yield return $"POST {endpoint}\n\n[{JsonSerializer.Serialize(PointCloudEvent.Of(pointEvent, context, source))}]";
    }

    // Not with the client's message, which repeats the answer.
    private Exception Failure(RequestFailedException e)
    {
        if (e.Status == 0)
            return NoAnswer(e);
        var code = string.IsNullOrEmpty(e.ErrorCode) ? "" : $" ({e.ErrorCode})";
        var message = $"Event Grid answered with {e.Status}{code}.";
        return e.Status is 400 or 401 or 403 or 404 or 410 or 413
            ? new PermanentFailureException(message)
            : new TransientFailureException(message, RetryAfter(e));
    }

    private static TransientFailureException NoAnswer(Exception e) =>
        new($"Event Grid did not answer: {e.Message.Split('\n')[0].Trim()}", null, e);

    private TimeSpan? RetryAfter(RequestFailedException e) =>
        e.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
        && RetryConditionHeaderValue.TryParse(text, out var retryAfter)
            ? Downstream.Pause(retryAfter, time.GetUtcNow())
            : null;
}

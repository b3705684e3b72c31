using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PointWebhooks.Events;
using PointWebhooks.Handlers.CloudEvents;
using PointWebhooks.Handlers.Configuration;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Handlers.Templates;

namespace PointWebhooks.Handlers.Http;

/// <summary>
/// Sends events to a url: a CloudEvent, or JSON of one's own, signed as Standard Webhooks if there is a secret. The receiver knows a
/// repetition by its <c>webhook-id</c>, its <c>Idempotency-Key</c> and the CloudEvent's <c>id</c>, which are the event's id.
/// </summary>
internal sealed class HttpTarget(HttpTargetOptions options, Downstream receiver, string source, TimeProvider time) : IDownstreamHandler
{
    /// <summary>The header by which a receiver that is told the same again does nothing: the event's id.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        using var request = Request(pointEvent, context);
        var answer = await receiver.SendAsync(request, cancellationToken);
        if (!answer.IsSuccess)
            throw answer.Failure();
        context.Report($"Sent to {options.Url!.Host}");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        using var request = Request(pointEvent, context);
        var headers = request.Headers.Concat(request.Content!.Headers).Select(header =>
            $"{header.Key}: {(IsSecret(header.Key) ? "…" : string.Join(", ", header.Value))}");
        using var body = new StreamReader(request.Content.ReadAsStream());
        yield return $"POST {options.Url!.Scheme}://{options.Url.Authority}/…\n{string.Join('\n', headers)}\n\n{body.ReadToEnd()}";
    }

    private HttpRequestMessage Request(PointEvent pointEvent, EventContext context)
    {
        var (body, mediaType, headers) = Content(pointEvent, context);
        var request = new HttpRequestMessage(HttpMethod.Post, options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        request.Headers.Add(IdempotencyKey, context.EventId);
        foreach (var (name, value) in headers.Concat(options.Headers))
            request.Headers.TryAddWithoutValidation(name, value);
        if (options.Authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", options.Authorization);
        if (options.Secrets.Count > 0)
            WebhookSignature.Sign(request, context.EventId, time.GetUtcNow(), body, options.Secrets);
        return request;
    }

    private (byte[] Body, string MediaType, IReadOnlyDictionary<string, string> Headers) Content(
        PointEvent pointEvent, EventContext context)
    {
        var none = new Dictionary<string, string>();
        if (options.Body is { } template)
        {
            var text = template.Render(EventModel.Of(pointEvent, context, source));
            if (!HttpTargetOptions.IsJsonObject(text))
            {
                throw new PermanentFailureException(
                    "Body does not make a JSON object of this event: it was not sent. Write texts as {{ name | json }}, which escapes them.");
            }

            return (Encoding.UTF8.GetBytes(text), "application/json; charset=utf-8", none);
        }

        var cloudEvent = PointCloudEvent.Of(pointEvent, context, source);
        return options.IsBinary
            ? (cloudEvent.Data?.ToArray() ?? [], cloudEvent.DataContentType ?? "application/json", BinaryMode.Headers(cloudEvent))
            : (JsonSerializer.SerializeToUtf8Bytes(cloudEvent), "application/cloudevents+json; charset=utf-8", none);
    }

    private bool IsSecret(string header) => header == "Authorization" || options.Headers.ContainsKey(header);
}

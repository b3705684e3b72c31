using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Receiving;
using PointWebhooks.Settings;

namespace PointWebhooks.Functions;

/// <summary>
/// <c>POST /api/webhooks/point</c>: receives a webhook of Syskit Point. Anonymous, because the signature is the lock, and it fails
/// closed; a function key in the url would be a second secret that leaks into telemetry and breaks delivery when it is rotated.
/// </summary>
internal sealed class ReceiveWebhook(WebhookReceiver receiver, EndpointMark mark)
{
    [Function(nameof(ReceiveWebhook))]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/point")] HttpRequest request) =>
        (await receiver.ReceiveAsync(request, request.HttpContext.RequestAborted)).ToResult(request.HttpContext.Response, mark.Value);
}

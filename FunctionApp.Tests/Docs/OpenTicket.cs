using System.Net;
using System.Net.Http.Json;
using PointWebhooks.Events;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Docs;

/// <summary>Opens a ticket for each workspace that could not be provisioned.</summary>
internal sealed class OpenTicket(IHttpClientFactory clients) : IEventHandler<ProvisioningFailed>
{
    public async Task HandleAsync(ProvisioningFailed failed, EventContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "tickets")
        {
            Content = JsonContent.Create(new { title = $"{failed.Name} was not provisioned", details = failed.Error }),
        };
        // The same in every attempt: the ticket system opens one ticket for it, however often this runs.
        request.Headers.Add("Idempotency-Key", context.EventId);

        using var response = await clients.CreateClient(nameof(OpenTicket)).SendAsync(request, cancellationToken);
        // A request that is refused for what it says is refused the next time, too.
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
            throw new PermanentFailureException($"The ticket system answered {(int)response.StatusCode}.");
        response.EnsureSuccessStatusCode();
    }
}

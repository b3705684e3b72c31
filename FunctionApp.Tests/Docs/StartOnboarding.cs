using System.Net;
using System.Net.Http.Json;
using PointWebhooks.Events;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Docs;

/// <summary>Starts the onboarding of each new workspace, in a system that may ask to be left alone for a while.</summary>
internal sealed class StartOnboarding(IHttpClientFactory clients) : IEventHandler<ProvisioningCompleted>
{
    public async Task HandleAsync(ProvisioningCompleted completed, EventContext context, CancellationToken cancellationToken)
    {
        // A PUT under the event's id: again, it changes nothing.
        using var response = await clients.CreateClient(nameof(StartOnboarding)).PutAsJsonAsync(
            $"onboardings/{context.EventId}", new { completed.Name, completed.Url }, cancellationToken);
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            throw new TransientFailureException("The onboarding asked to wait.", response.Headers.RetryAfter?.Delta);
        response.EnsureSuccessStatusCode();
        context.Report("Started the onboarding", response.Headers.Location);
    }
}

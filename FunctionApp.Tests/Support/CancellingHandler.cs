namespace PointWebhooks.Tests.Support;

/// <summary>Cancels each request by itself, as a limit of a client's own does.</summary>
internal sealed class CancellingHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new TaskCanceledException("A task was canceled.");
}

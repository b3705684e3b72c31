using System.Net;
using System.Net.Http.Json;

namespace PointWebhooks.Tests.Support;

/// <summary>The options of Syskit Point, which hold its signature key, in virtual time.</summary>
internal sealed class SimulatedVendor
{
    /// <summary>The signature key.</summary>
    public string Key { get; set; } = SimulatedApp.Key;

    /// <summary>Whether it refuses to answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>How long an answer takes.</summary>
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it was asked.</summary>
    public int Asked { get; private set; }

    /// <summary>The HTTP clients of an instance, by its clock and without the resilience, which has tests of its own.</summary>
    public IHttpClientFactory Clients(TimeProvider time) => new ClientFactory(this, time);

    private sealed class ClientFactory(SimulatedVendor vendor, TimeProvider time) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new Connection(vendor, time)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private sealed class Connection(SimulatedVendor vendor, TimeProvider time) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            vendor.Asked++;
            // Without a context, as HttpClient wants it.
            await VirtualWait.Async(vendor.AnswerTime, time, cancellationToken).ConfigureAwait(false);
            return vendor.IsDown
                ? new HttpResponseMessage(HttpStatusCode.BadRequest)
                : new HttpResponseMessage { Content = JsonContent.Create(new { webhooksSignatureAuthenticationKey = vendor.Key }) };
        }
    }
}

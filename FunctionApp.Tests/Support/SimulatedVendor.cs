using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PointWebhooks.PointApi;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Support;

/// <summary>What goes wrong with a call of Syskit Point.</summary>
internal enum VendorFault
{
    None,

    /// <summary>It is refused.</summary>
    Refused,

    /// <summary>It takes effect, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>It does not take effect, and nothing is heard of it.</summary>
    Hangs,
}

/// <summary>Syskit Point, in virtual time: its signature key and the endpoints that are registered.</summary>
internal sealed class SimulatedVendor
{
    // The total time that the client's resilience, which is not part of this, allows.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What it knows.</summary>
    public SimulatedPoint Point { get; } = new() { SignatureKey = SimulatedApp.Key };

    /// <summary>The signature key.</summary>
    public string Key
    {
        get => Point.SignatureKey;
        set => Point.SignatureKey = value;
    }

    /// <summary>Whether it refuses to answer.</summary>
    public bool IsDown { get; set; }

    /// <summary>How long an answer takes.</summary>
    public TimeSpan AnswerTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What goes wrong with the next call.</summary>
    public Func<VendorFault> Faults { get; set; } = () => VendorFault.None;

    /// <summary>How often it was asked.</summary>
    public int Asked => Calls.Count;

    /// <summary>What it was asked: the method, the url and the body of each call.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The HTTP clients of an instance, by its clock and without the resilience, which has tests of its own.</summary>
    public IHttpClientFactory Clients(TimeProvider time) => new ClientFactory(this, time);

    private HttpResponseMessage Answer(HttpRequestMessage request) => request switch
    {
        { RequestUri.AbsolutePath: "/v1.0/options" } => Json(new { webhooksSignatureAuthenticationKey = Key }),
        { Method.Method: "GET" } => Json(Point.Registered.Select(one => new { endpoint = one.Key, types = one.Value })),
        { Method.Method: "POST" } => new HttpResponseMessage(
            Endpoint(request) is var added && Point.Register(added.Endpoint!, added.Types!) ? HttpStatusCode.OK : HttpStatusCode.InternalServerError),
        _ => new HttpResponseMessage(Point.Remove(Endpoint(request).Endpoint!) ? HttpStatusCode.NoContent : HttpStatusCode.NotFound),
    };

    private static HttpResponseMessage Json<T>(T value) => new() { Content = JsonContent.Create(value) };

    private static string? Body(HttpRequestMessage request)
    {
        if (request.Content is null)
            return null;
        var body = request.Content.ReadAsStream();
        using var reader = new StreamReader(body, leaveOpen: true);
        var text = reader.ReadToEnd();
        // For who reads it next.
        body.Position = 0;
        return text;
    }

    private static PointEndpoint Endpoint(HttpRequestMessage request) =>
        JsonSerializer.Deserialize(request.Content!.ReadAsStream(), PointApiJsonContext.Default.PointEndpoint)!;

    private sealed class ClientFactory(SimulatedVendor vendor, TimeProvider time) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new Connection(vendor, time)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private sealed class Connection(SimulatedVendor vendor, TimeProvider time) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            vendor.Calls.Add($"{request.Method} {request.RequestUri} {Body(request)}");
            var fault = vendor.IsDown ? VendorFault.Refused : vendor.Faults();
            // Before the answer is on its way: it may be old when it arrives, and its receiver dead.
            var answer = fault is VendorFault.None or VendorFault.AnswerLost
                ? vendor.Answer(request)
                : new HttpResponseMessage(HttpStatusCode.BadRequest);
            // Without a context, as HttpClient wants it.
            await VirtualWait.Async(fault == VendorFault.Hangs ? Patience : vendor.AnswerTime, time, cancellationToken).ConfigureAwait(false);
            return fault is VendorFault.None or VendorFault.Refused
                ? answer
                : throw new HttpRequestException("The connection was reset.");
        }
    }
}

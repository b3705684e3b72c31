using Azure.Core;
using Azure.Core.Pipeline;
using PointWebhooks.Tests.Simulation.Calls;

namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>Carries the requests of Azure SDK clients to the simulated services instead of a network.</summary>
internal sealed class SimulatedTransport(SimulatedStorage storage, CallPath path) : HttpPipelineTransport
{
    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) =>
        throw new NotSupportedException("The simulation knows asynchronous calls only.");

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var call = new StorageCall(storage, StorageRequest.Read(message.Request));
        storage.Calls.Add(call);
        var answer = await path(call, message.CancellationToken).ConfigureAwait(false);
        message.Response = new SimulatedResponse(answer, message.Request.ClientRequestId);
    }
}

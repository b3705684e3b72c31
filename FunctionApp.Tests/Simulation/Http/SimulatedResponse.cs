using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace PointWebhooks.Tests.Simulation.Http;

/// <summary>An answer as an Azure SDK client sees it.</summary>
internal sealed class SimulatedResponse(StorageAnswer answer, string clientRequestId) : Response
{
    public override int Status => answer.Status;

    public override string ReasonPhrase => $"Simulated {answer.Status}";

    public override Stream? ContentStream { get; set; } = new MemoryStream(answer.Body);

    public override string ClientRequestId { get; set; } = clientRequestId;

    // What is buffered stays readable: the clients count on it.
    public override void Dispose()
    {
    }

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = answer.Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        answer.Headers.Select(header => new HttpHeader(header.Name, header.Value));
}

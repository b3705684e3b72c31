using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// What the handlers work on: a service that takes calls with the same idempotency key for one and the same, and counts both. The key
/// is the body: one may hold what no header can.
/// </summary>
internal sealed class Downstream : IAsyncDisposable
{
    public const string First = "first-handler";
    public const string Second = "second-handler";

    private readonly ConcurrentDictionary<(string Handler, string Key), int> calls = [];
    private readonly WebApplication server;

    private Downstream(StepPoints points)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        server = builder.Build();
        server.MapPost("/{handler}", async (string handler, HttpContext context) =>
        {
            if (!await points.BeforeAsync(handler, context))
                return;
            using var body = new StreamReader(context.Request.Body);
            calls.AddOrUpdate((handler, await body.ReadToEndAsync()), 1, (_, count) => count + 1);
            await points.AfterAsync(handler, context);
        });
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => new(server.Urls.Single());

    /// <summary>The effects: a handler and an event's key each.</summary>
    public IReadOnlyCollection<(string Handler, string Key)> Effects => [.. calls.Keys];

    /// <summary>How many calls arrived.</summary>
    public int Calls => calls.Values.Sum();

    public static async Task<Downstream> StartAsync(StepPoints points)
    {
        var downstream = new Downstream(points);
        await downstream.server.StartAsync();
        return downstream;
    }

    /// <summary>How many calls of a handler for an event arrived; one is an effect, more are the same one.</summary>
    public int CallsOf(string handler, string idempotencyKey) => calls.GetValueOrDefault((handler, idempotencyKey));

    /// <summary>The call a handler makes.</summary>
    public static async Task PostAsync(HttpClient downstream, string handler, string idempotencyKey, CancellationToken cancellationToken)
    {
        using var key = new StringContent(idempotencyKey);
        using var response = await downstream.PostAsync(new Uri(handler, UriKind.Relative), key, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Gone)
            throw new PermanentFailureException("downstream will never take it");
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Docs;

/// <summary>A ticket system that opens a ticket for each POST, or refuses it.</summary>
internal sealed class TicketSystem : IAsyncDisposable
{
    private readonly WebApplication app;

    private TicketSystem(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseLoopback(0);
        app = builder.Build();
        app.MapPost("/tickets", async (HttpRequest request) =>
        {
            Tickets.Add(($"{request.Headers["Idempotency-Key"]}", await new StreamReader(request.Body).ReadToEndAsync()));
            return Results.StatusCode(status);
        });
    }

    /// <summary>The idempotency key and the body of each request.</summary>
    public ConcurrentBag<(string IdempotencyKey, string Body)> Tickets { get; } = [];

    public string Url => app.Urls.Single();

    /// <summary>Starts one that answers with a status.</summary>
    public static async Task<TicketSystem> StartAsync(int status = StatusCodes.Status201Created)
    {
        var system = new TicketSystem(status);
        await system.app.StartAsync();
        return system;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

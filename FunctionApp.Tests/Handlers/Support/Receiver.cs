using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Handlers.Support;

/// <summary>A server at which handlers call: keeps every request, and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private Receiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseLoopback(0);
        app = builder.Build();
        app.Run(TakeAsync);
    }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = [];

    /// <summary>What it answers to the next requests, in their order; 202 when there is nothing more.</summary>
    public ConcurrentQueue<Func<HttpContext, Task>> Answers { get; } = [];

    public string Url => app.Urls.Single();

    public static async Task<Receiver> StartAsync()
    {
        var receiver = new Receiver();
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>Answers the next request with a status.</summary>
    public Receiver Answer(int status, string body = "", params (string Name, string Value)[] headers)
    {
        Answers.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;
            return context.Response.WriteAsync(body);
        });
        return this;
    }

    /// <summary>Takes the next request, and loses the answer.</summary>
    public Receiver LoseAnswer()
    {
        Answers.Enqueue(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        return this;
    }

    /// <summary>Begins to answer the next request, and breaks off.</summary>
    public Receiver BreakOff()
    {
        Answers.Enqueue(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        return this;
    }

    /// <summary>Takes the next request, and does not answer as long as its sender waits.</summary>
    public Receiver NeverAnswer()
    {
        Answers.Enqueue(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        return this;
    }

    /// <summary>Answers the next requests with these statuses, and with all that each of them holds.</summary>
    public void RepeatWhatIsSent(params IEnumerable<int> statuses)
    {
        foreach (var status in statuses)
        {
            Answers.Enqueue(async context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/elsewhere";
                var headers = string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
                await context.Response.WriteAsync($"{context.Request.Path}{context.Request.QueryString}\n{headers}");
            });
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue(new ReceivedRequest(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray(),
            DateTimeOffset.UtcNow));
        if (Answers.TryDequeue(out var answer))
            await answer(context);
        else
            context.Response.StatusCode = StatusCodes.Status202Accepted;
    }
}

using Microsoft.AspNetCore.Http.Features;

namespace PointWebhooks.Simulator.Downstream;

/// <summary>Serves systems downstream over HTTP on this machine.</summary>
public static class DownstreamServer
{
    /// <summary>Starts serving one.</summary>
    /// <param name="calls">The system, and what becomes of its calls.</param>
    /// <param name="port">The port at 127.0.0.1; 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <param name="before">Told of a call by its step, such as <c>jira.create</c>; whether it goes on, or has been dealt with.</param>
    /// <param name="after">Told likewise when it has had its effect; whether it is answered.</param>
    /// <returns>The server; its address is in <see cref="WebApplication.Urls"/>.</returns>
    /// <exception cref="InvalidOperationException">The port cannot be had.</exception>
    public static async Task<WebApplication> StartAsync(
        DownstreamCalls calls,
        int port,
        CancellationToken cancellationToken,
        Func<string, HttpContext, Task<bool>>? before = null,
        Func<string, HttpContext, Task<bool>>? after = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseLoopback(port);
        builder.AllowOwnNamesOnly();
        var app = builder.Build();
        app.Run(async context =>
        {
            var request = await ReadAsync(context.Request);
            var step = $"{calls.Downstream.Name}.{calls.Downstream.StepOf(request)}";
            if (before is not null && !await before(step, context))
                return;
            var answer = calls.Answer(request);
            if (after is not null && !await after(step, context))
                return;
            if (answer is null)
                context.Abort();
            else
                await WriteAsync(context.Response, answer);
        });
        try
        {
            await app.StartAsync($"Port {port}, for the simulated {calls.Downstream.Name},", "Choose another.", cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<DownstreamRequest> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        // The raw path: a decoded one would hide a slash that was escaped.
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        return new DownstreamRequest(
            request.Method,
            target.Split('?')[0],
            request.QueryString.Value ?? "",
            request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
    }

    private static async Task WriteAsync(HttpResponse response, DownstreamAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (answer.Body.Length == 0)
            return;
        response.ContentType = answer.MediaType;
        await response.WriteAsync(answer.Body);
    }
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Simulator.Support;

/// <summary>
/// An app in Azure as it is seen from outside: its functions, the admin API of the Functions host, and what Azure answers while a
/// deployment spreads.
/// </summary>
internal sealed class FakeApp : IAsyncDisposable
{
    public const string MasterKey = "the master key";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<string> requests = [];

    private FakeApp()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.UseLoopback(0);
        app = builder.Build();
        app.Use(async (context, next) =>
        {
            var request = $"{context.Request.Method} {context.Request.Path}";
            requests.Enqueue(request);
            var key = context.Request.Path.Value!.Split('/')[2] switch
            {
                "status" or "events" => FunctionKey,
                "functions" => MasterKey,
                _ => null,
            };
            if (Spreading.TryGetValue(request, out var statuses) && statuses.TryDequeue(out var status))
                context.Response.StatusCode = status;
            else if (key is not null && context.Request.Headers["x-functions-key"] != key)
                context.Response.StatusCode = 401;
            else
                await next();
        });
        app.MapGet("/api/health", () => Results.Ok());
        app.MapGet("/api/status", Status);
        app.MapPost("/admin/functions/RegisterEndpoint", Register);
        app.MapPost("/api/webhooks/point", (HttpRequest request) => request.Headers.ContainsKey("Signature")
            ? Results.Json(new { status = "accepted" }, statusCode: 202)
            : Results.Json(new { reason = "signature-missing" }, statusCode: 401));
        app.MapGet("/api/events/{key}", () => Results.Json(new { state = "Completed" }));
    }

    /// <summary>By request, such as <c>GET /api/health</c>: the answers before the usual one.</summary>
    public ConcurrentDictionary<string, Queue<int>> Spreading { get; } = [];

    /// <summary>What the next runs of the registration come to; after these, <c>registered</c>.</summary>
    public Queue<string> Registrations { get; } = [];

    /// <summary>The key that its functions ask for. One of their own shows who sends the master key where another one does.</summary>
    public string FunctionKey { get; set; } = MasterKey;

    public string Version { get; set; } = "0.1.0+c0ffee";

    /// <summary>The url that the status says is registered; by default this app's own.</summary>
    public string? RegisteredUrl { get; set; }

    /// <summary>The registration that the status shows, or null for none yet.</summary>
    public (DateTimeOffset At, string Result, string? Error, string Version)? Registration { get; set; }

    /// <summary>The versions of the instances that run the next registrations, or empty for one that is replaced before it is done; after these, <see cref="Version"/>.</summary>
    public Queue<string> Runners { get; } = [];

    public Uri Url => new(app.Urls.Single());

    public static async Task<FakeApp> StartAsync()
    {
        var fake = new FakeApp();
        await fake.app.StartAsync();
        return fake;
    }

    public int Asked(string request) => requests.Count(asked => asked == request);

    public void Answer(string request, params IEnumerable<int> statuses) => Spreading[request] = new Queue<int>(statuses);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Status() => Results.Json(new
    {
        at = DateTimeOffset.UtcNow,
        version = Version,
        registration = Registration is not { } run ? null : new
        {
            at = run.At,
            result = run.Result,
            url = RegisteredUrl ?? $"{Url}api/webhooks/point",
            error = run.Error,
            version = run.Version,
        },
    });

    private IResult Register()
    {
        var runner = Runners.TryDequeue(out var other) ? other : Version;
        if (runner.Length == 0)
            return Results.Accepted();
        var result = Registrations.TryDequeue(out var next) ? next : "registered";
        Registration = (DateTimeOffset.UtcNow, result, result == "failed" ? "Syskit Point answered 403." : null, runner);
        return Results.Accepted();
    }
}

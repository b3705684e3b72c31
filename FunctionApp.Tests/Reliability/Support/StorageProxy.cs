using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>
/// Stands between an app and its storage and passes every request on as it is: its signature covers neither host nor port. At the
/// points before and after it, a request can be dropped or refused, and its sender killed.
/// </summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    private readonly HttpMessageInvoker forward = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false });
    private readonly StorageSteps steps = new();
    private readonly StepPoints points;
    private readonly StorageAccount account;
    private readonly WebApplication server;

    private StorageProxy(StorageAccount account, StepPoints points)
    {
        (this.account, this.points) = (account, points);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        server = builder.Build();
        server.Run(PassAsync);
    }

    /// <summary>The connection to the account that goes through here.</summary>
    public string ConnectionString => account.At(server.Urls.Single(), server.Urls.Single());

    /// <summary>Starts a proxy.</summary>
    /// <param name="connectionString">The account it stands before.</param>
    /// <param name="points">What happens at its points.</param>
    public static async Task<StorageProxy> StartAsync(string connectionString, StepPoints points)
    {
        var proxy = new StorageProxy(StorageAccount.Parse(connectionString), points);
        await proxy.server.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        forward.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var body = buffer.ToArray();
        var step = steps.NameOf(context.Request.Method, target, Encoding.UTF8.GetString(body));
        if (!await points.BeforeAsync(step, context))
            return;

        try
        {
            // Not cancelled when the sender is gone: a request that is on its way arrives.
            using var request = Request(context, target, body);
            using var response = await forward.SendAsync(request, CancellationToken.None);
            var answer = await response.Content.ReadAsByteArrayAsync();
            // A look into an empty queue is no step.
            if (step.EndsWith("receive", StringComparison.Ordinal) && answer.AsSpan().IndexOf("<QueueMessage>"u8) < 0)
                step += "-nothing";
            if (await points.AfterAsync(step, context))
                await AnswerAsync(context.Response, response, answer);
        }
        catch (HttpRequestException)
        {
            context.Abort();
        }
    }

    private HttpRequestMessage Request(HttpContext context, string target, byte[] body)
    {
        var service = StorageSteps.IsTable(target) ? account.Tables : account.Queues;
        // The path is signed as it is written.
        var url = new Uri(service + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), url) { Content = new ByteArrayContent(body) };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name is "Host" or "Connection" or "Transfer-Encoding")
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        return request;
    }

    private static async Task AnswerAsync(HttpResponse to, HttpResponseMessage from, byte[] body)
    {
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.Concat(from.Content.Headers))
        {
            if (name is not ("Connection" or "Keep-Alive" or "Transfer-Encoding"))
                to.Headers[name] = values.ToArray();
        }

        if (to.StatusCode != StatusCodes.Status204NoContent)
            await to.Body.WriteAsync(body);
    }
}

using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>
/// Calls the system behind a handler. That it does not answer is a transient failure; whatever it answers is for the caller to judge. No
/// failure quotes a url beyond its host, because path and query may be secrets.
/// </summary>
/// <param name="clients">Has a client of the handler's name (<see cref="HandlerHttpClients"/>).</param>
/// <param name="handler">The handler's name.</param>
/// <param name="system">What operators call the system, such as <c>Jira</c>.</param>
/// <param name="secrets">Texts that must not be quoted, should the system repeat them.</param>
internal sealed class Downstream(
    IHttpClientFactory clients, TimeProvider time, string handler, string system, params IReadOnlyList<string?> secrets)
{
    /// <summary>The downstream of a configured handler.</summary>
    public static Downstream Of(IServiceProvider services, string handler, string system, params IReadOnlyList<string?> secrets) => new(
        services.GetRequiredService<IHttpClientFactory>(), services.GetRequiredService<TimeProvider>(), handler, system, secrets);

    /// <summary>Sends a request and reads the answer, whatever its status.</summary>
    /// <exception cref="TransientFailureException">There was no answer, or not all of it: the request may have taken effect.</exception>
    public async Task<DownstreamAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var called = $"{request.Method} to {request.RequestUri!.Host}";
        try
        {
            using var response = await clients.CreateClient(handler).SendAsync(request, cancellationToken);
            return new DownstreamAnswer(
                system,
                called,
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await TextAsync(response.Content, cancellationToken),
                Pause(response.Headers.RetryAfter, time.GetUtcNow()),
                // An access token is known to nobody else here.
                [.. secrets, request.Headers.Authorization?.Parameter]);
        }
        // A time limit of the client's own is a cancellation that nobody asked for.
        catch (Exception e) when (e is HttpRequestException or IOException or ExecutionRejectedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new TransientFailureException($"{system} did not answer {called}: {e.Message.TrimEnd('.')}.", null, e);
        }
    }

    // A charset that .NET does not know, such as utf8 or windows-1252, is no failure of a call that had its effect.
    private static async Task<string> TextAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(
            await content.ReadAsStreamAsync(cancellationToken), EncodingOf(content.Headers.ContentType?.CharSet));
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static Encoding EncodingOf(string? charset)
    {
        try
        {
            return charset is null ? Encoding.UTF8 : Encoding.GetEncoding(charset.Trim('"'));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.UTF8;
        }
    }

    /// <summary>The pause that <c>Retry-After</c> asks for, in seconds or until a time; null for none.</summary>
    public static TimeSpan? Pause(RetryConditionHeaderValue? retryAfter, DateTimeOffset now) => retryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - now,
        _ => null,
    };
}

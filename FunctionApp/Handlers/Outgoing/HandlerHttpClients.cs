using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace PointWebhooks.Handlers.Outgoing;

/// <summary>The HTTP clients of handlers, one for each handler, by its name.</summary>
internal static class HandlerHttpClients
{
    private const int LongestAnswer = 4 * 1024 * 1024;

    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(20);
    // Below the time of a whole run, so that it is the call that is said to have failed.
    private static readonly TimeSpan TotalTime = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Adds a client: no redirects, which would take credentials to another host; bounded times and answers; and reading, which changes
    /// nothing, is tried again at once when it fails. Nothing else is: a POST whose answer was lost may have taken effect, and it is the
    /// handler that has to look before it repeats it.
    /// </summary>
    public static IHttpClientBuilder AddHandlerHttpClient(this IServiceCollection services, string handler)
    {
        var client = services.AddHttpClient(handler);
        // They write whole urls, and any of them may be opened by a setting.
        client.RemoveAllLoggers();
        client.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        client.AddStandardResilienceHandler(resilience =>
        {
            resilience.AttemptTimeout.Timeout = AttemptTime;
            resilience.TotalRequestTimeout.Timeout = TotalTime;
            resilience.CircuitBreaker.SamplingDuration = 2 * AttemptTime;
            resilience.Retry.MaxRetryAttempts = 2;
            resilience.Retry.ShouldRetryAfterHeader = false;
            var isTransient = resilience.Retry.ShouldHandle;
            resilience.Retry.ShouldHandle = arguments => MayRepeat(arguments.Context.GetRequestMessage(), arguments.Outcome)
                ? isTransient(arguments)
                : ValueTask.FromResult(false);
        });
        // Within the resilience, whose times and repetitions would else be of the headers alone.
        return client.AddHttpMessageHandler(() => new WholeAnswers());
    }

    // Who says when to come back is not asked before.
    private static bool MayRepeat(HttpRequestMessage? request, Outcome<HttpResponseMessage> outcome) =>
        request?.Method == HttpMethod.Get
        // Too long it is another time as well.
        && outcome.Exception is not HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
        && outcome.Result is not ({ StatusCode: HttpStatusCode.TooManyRequests } or { Headers.RetryAfter: not null });

    /// <summary>Reads each answer to its end before anybody gets it.</summary>
    private sealed class WholeAnswers : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
                return response;
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
    }
}

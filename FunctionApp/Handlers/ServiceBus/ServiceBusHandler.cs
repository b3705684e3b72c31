using Azure.Identity;
using Azure.Messaging.ServiceBus;
using PointWebhooks.Events;
using PointWebhooks.Handlers.Configuration;

namespace PointWebhooks.Handlers.ServiceBus;

/// <summary>Sends events to a queue or topic of Service Bus.</summary>
internal sealed class ServiceBusHandler(ServiceBusSender sender, string entity, bool hasSessions, string source) : IDownstreamHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        try
        {
            await sender.SendMessageAsync(EventMessages.Of(pointEvent, context, hasSessions, source), cancellationToken);
        }
        catch (AuthenticationFailedException e)
        {
            throw new TransientFailureException($"Microsoft Entra ID gave the app's identity no token: {e.Message}", null, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TransientFailureException($"Service Bus did not answer: {e.Message}", null, e);
        }
        catch (Exception e) when (Failure(e) is { } failure)
        {
            throw failure;
        }

        context.Report($"Sent to {entity}");
    }

    /// <inheritdoc/>
    public IEnumerable<string> Preview(PointEvent pointEvent, EventContext context)
    {
        var message = EventMessages.Of(pointEvent, context, hasSessions, source);
        var properties = message.ApplicationProperties.Select(property => $"{property.Key}: {property.Value}");
        yield return $"To {entity}\nMessageId: {message.MessageId}\nContentType: {message.ContentType}\nSubject: {message.Subject}\n"
            + $"{(hasSessions ? $"SessionId: {message.SessionId}\n" : "")}{string.Join('\n', properties)}\n\n{message.Body}";
    }

    /// <summary>What a failure of the client means; null for what is none of Service Bus.</summary>
    internal static Exception? Failure(Exception e) => e switch
    {
        // A queue that is full heals when somebody reads it.
        ServiceBusException transient when transient.IsTransient || transient.Reason == ServiceBusFailureReason.QuotaExceeded =>
            new TransientFailureException($"Service Bus did not take the message: {transient.Reason}.", null, e),
        ServiceBusException permanent => new PermanentFailureException($"Service Bus refused the message: {permanent.Reason}.", e),
        UnauthorizedAccessException => new PermanentFailureException(
            "Service Bus refused the app's identity. Give it the role Azure Service Bus Data Sender at the queue or the topic.", e),
        // Of a client that is closed, as at a shutdown, the next attempt has another.
        InvalidOperationException and not ObjectDisposedException => new PermanentFailureException(
            "Service Bus refused the message as it is. If the queue needs sessions, set Sessions to true.", e),
        _ => null,
    };
}

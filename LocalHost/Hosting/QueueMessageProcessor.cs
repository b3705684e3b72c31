using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>Runs a function for a message and deals with what comes of it, by the rules of the Functions host.</summary>
internal sealed class QueueMessageProcessor(
    FunctionDescriptor function,
    QueueServiceClient queues,
    string queueName,
    QueueSettings settings,
    IServiceProvider services,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How long a message is hidden while its function runs, renewed at half-life.</summary>
    public static readonly TimeSpan InFlightVisibility = TimeSpan.FromMinutes(10);

    private const string PoisonSuffix = "-poison";
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromMinutes(1);

    // A poison queue has none of its own.
    private readonly QueueClient? poison =
        queueName.EndsWith(PoisonSuffix, StringComparison.Ordinal) ? null : queues.GetQueueClient(queueName + PoisonSuffix);

    /// <summary>The queue, with the texts of messages as they are.</summary>
    public QueueClient Queue { get; } = queues.GetQueueClient(queueName);

    /// <summary>Processes a message. Never throws: a message that cannot be finished with becomes visible again by itself.</summary>
    public async Task ProcessAsync(QueueMessage message, CancellationToken stopping)
    {
        try
        {
            if (message.DequeueCount > settings.MaxDequeueCount || Decode(message.MessageText) is not { } body)
            {
                await MoveToPoisonAsync(message, message.PopReceipt);
                return;
            }

            using var finished = new CancellationTokenSource();
            var renewal = KeepInvisibleAsync(message, finished.Token);
            var hasSucceeded = await TryInvokeAsync(body, stopping);
            await finished.CancelAsync();
            var receipt = await renewal;
            if (hasSucceeded)
                await Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
            else if (message.DequeueCount >= settings.MaxDequeueCount)
                await MoveToPoisonAsync(message, receipt);
            // Made visible, a message that fails again and again in a poison queue would be tried without a pause and without end.
            else if (poison is not null)
                await HideAsync(message, receipt, settings.VisibilityTimeout);
        }
        catch (Exception e)
        {
            Log.MessageNotFinished(logger, queueName, e);
        }
    }

    private async Task<bool> TryInvokeAsync(BinaryData body, CancellationToken stopping)
    {
        try
        {
            await function.InvokeAsync(
                services, parameter => parameter.ParameterType == typeof(CancellationToken) ? stopping : body);
            return true;
        }
        catch (Exception e)
        {
            Log.FunctionFailed(logger, function.Name, e);
            return false;
        }
    }

    private async Task<string> KeepInvisibleAsync(QueueMessage message, CancellationToken finished)
    {
        var receipt = message.PopReceipt;
        var pause = InFlightVisibility / 2;
        while (true)
        {
            await Task.Delay(pause, time, finished).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (finished.IsCancellationRequested)
                return receipt;

            try
            {
                receipt = await HideAsync(message, receipt, InFlightVisibility);
                pause = InFlightVisibility / 2;
            }
            catch (RequestFailedException e)
            {
                Log.VisibilityNotRenewed(logger, queueName, e);
                pause = RenewalRetry;
            }
        }
    }

    // Not cancelled half-way: the receipt of an update that was carried out would be lost.
    private async Task<string> HideAsync(QueueMessage message, string receipt, TimeSpan time)
    {
        var updated = await Queue.UpdateMessageAsync(message.MessageId, receipt, message.MessageText, time, CancellationToken.None);
        return updated.Value.PopReceipt;
    }

    private async Task MoveToPoisonAsync(QueueMessage message, string receipt)
    {
        if (poison is null)
            return;

        Log.MovedToPoison(logger, settings.MaxDequeueCount, poison.Name);
        await poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
        await poison.SendMessageAsync(message.MessageText, CancellationToken.None);
        await Queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
    }

    private BinaryData? Decode(string text)
    {
        if (settings.MessageEncoding == QueueMessageEncoding.None)
            return BinaryData.FromString(text);

        try
        {
            return BinaryData.FromBytes(Convert.FromBase64String(text));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Google.Protobuf;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>
/// Queue triggers as the host does them. The host's queue extension hands the message over as JSON, its text decoded from base64,
/// the encoding of host.json.
/// </summary>
internal static class QueueInvocations
{
    private static readonly TimeSpan Invisible = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Waits for the message of an event in the queue of a function; it stays invisible to others from then on. One that a busy machine
    /// could not send in time is sent by the relay, minutes later.
    /// </summary>
    public static async Task<QueueMessage> ReceiveAsync(this WorkerHost host, string function, string storage, string idempotencyKey)
    {
        var queue = Queue(host, function, storage);
        var swept = Stopwatch.GetTimestamp();
        var message = await Eventually.BecomesAsync(
            async () =>
            {
                if (Stopwatch.GetElapsedTime(swept) > BetweenSweeps)
                {
                    await host.InvokeAsync(host.Tick("RelayEvents"));
                    swept = Stopwatch.GetTimestamp();
                }

                return (await queue.ReceiveMessageAsync(Invisible)).Value;
            },
            found => found?.MessageText.Contains(idempotencyKey, StringComparison.Ordinal) == true,
            $"the message of {idempotencyKey} is in {queue.Name}");
        return message!;
    }

    /// <summary>The invocation of a function with a message.</summary>
    public static InvocationRequest Invocation(this WorkerHost host, string function, QueueMessage message, string traceParent = "")
    {
        var data = new ModelBindingData
        {
            Version = "1.0",
            Source = "AzureStorageQueues",
            ContentType = "application/json",
            Content = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(message)),
        };
        return new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = host.Functions[function].Id,
            InputData =
            {
                new ParameterBinding { Name = host.Functions[function].TriggerParameter, Data = new TypedData { ModelBindingData = data } },
            },
            TraceContext = new RpcTraceContext { TraceParent = traceParent },
        };
    }

    /// <summary>Takes the message of an event to its function, and out of the queue when that succeeds.</summary>
    public static async Task<StatusResult> ProcessAsync(this WorkerHost host, string function, string storage, string idempotencyKey)
    {
        var message = await host.ReceiveAsync(function, storage, idempotencyKey);
        var result = await host.InvokeAsync(host.Invocation(function, message));
        if (result.Status == StatusResult.Types.Status.Success)
            await Queue(host, function, storage).DeleteMessageAsync(message.MessageId, message.PopReceipt);
        return result;
    }

    private static QueueClient Queue(WorkerHost host, string function, string storage) => new(
        storage, host.Functions[function].QueueName, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
}

using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PointWebhooks.Benchmarks.Load;
using PointWebhooks.Benchmarks.Servers;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>
/// The storage calls that processing an event takes, and nothing else: receive, write the row (claim), a transaction of five rows
/// (complete), delete the message.
/// </summary>
internal static class BareDrain
{
    private const string Name = "bare";
    private const int Loops = 3;
    private const int Batch = 32;

    /// <summary>Messages a second.</summary>
    /// <param name="storage">The connection to an account that nobody uses.</param>
    /// <param name="count">How many messages.</param>
    public static async Task<double> RateAsync(string storage, int count)
    {
        using (var accepting = await MeasuredServer.StartAsync(MeasuredServers.BareAccepting, ProductServer.Settings(storage)))
        {
            var requests = Enumerable.Range(0, count).Select(_ => RawRequest.Authentic(accepting.Url));
            await LoadGenerator.RunAsync(accepting.Url, 16, [.. requests], 202, () => accepting.Processor);
        }

        using var draining = await MeasuredServer.StartAsync(MeasuredServers.BareDraining, ProductServer.Settings(storage));
        return await QueueDrain.RateAsync(storage, Name, count);
    }

    /// <summary>Drains the queue, over and over.</summary>
    public static Task RunAsync(string storage)
    {
        var table = new TableClient(storage, Name);
        var queue = new QueueClient(storage, Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        return Task.WhenAll(Enumerable.Range(0, Loops).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var messages = (await queue.ReceiveMessagesAsync(Batch)).Value;
                await Task.WhenAll(messages.Select(message => ProcessAsync(table, queue, message)));
            }
        })));
    }

    private static async Task ProcessAsync(TableClient table, QueueClient queue, QueueMessage message)
    {
        var row = new TableEntity(Name, message.MessageId) { ["Body"] = message.Body.ToArray() };
        await table.UpsertEntityAsync(row, TableUpdateMode.Merge);
        var indexes = Enumerable.Range(0, 4).Select(i => new TableEntity(Name, $"{message.MessageId}|{i}"));
        await table.SubmitTransactionAsync(
            indexes.Prepend(row).Select(one => new TableTransactionAction(TableTransactionActionType.UpsertMerge, one, ETag.All)));
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
    }
}

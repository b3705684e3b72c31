using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PointWebhooks.Benchmarks.Servers;

namespace PointWebhooks.Benchmarks.Runs;

/// <summary>
/// The storage calls that processing an event takes, and nothing else: receive, write the row (claim), one transaction that writes the
/// row, deletes one and adds three (complete), delete the message.
/// </summary>
internal static class BareDrain
{
    private const string Name = "bare";
    private const int Loops = 3;
    private const int Batch = 32;
    private const int Length = 600;

    private const string Open = "open";

    private static readonly string[] Done = ["done", "done.type", "name"];

    /// <summary>Messages a second.</summary>
    /// <param name="storage">The connection to an account that nobody uses.</param>
    /// <param name="count">How many messages.</param>
    public static async Task<double> RateAsync(string storage, int count)
    {
        var (table, queue) = Clients(storage);
        await table.CreateIfNotExistsAsync();
        await queue.CreateIfNotExistsAsync();
        await Parallel.ForAsync(0, count, async (_, cancellationToken) =>
        {
            var key = Guid.NewGuid().ToString("n");
            TableEntity[] rows = [Row(key), Index(Open, key)];
            await table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
            await queue.SendMessageAsync(BinaryData.FromString(key.PadRight(Length)), cancellationToken: cancellationToken);
        });

        using var draining = await MeasuredServer.StartAsync(MeasuredServers.BareDraining, ProductServer.Settings(storage));
        return await QueueDrain.RateAsync(storage, Name, count);
    }

    /// <summary>Drains the queue, over and over.</summary>
    public static Task RunAsync(string storage)
    {
        var (table, queue) = Clients(storage);
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
        var key = message.Body.ToString().TrimEnd();
        await table.UpdateEntityAsync(new TableEntity(key[..1], key) { ["State"] = "claimed" }, ETag.All);
        await table.SubmitTransactionAsync(
        [
            new TableTransactionAction(TableTransactionActionType.UpdateMerge, new TableEntity(key[..1], key) { ["State"] = "done" }, ETag.All),
            new TableTransactionAction(TableTransactionActionType.Delete, Index(Open, key), ETag.All),
            .. Done.Select(prefix => new TableTransactionAction(TableTransactionActionType.Add, Index(prefix, key))),
        ]);
        await queue.DeleteMessageAsync(message.MessageId, message.PopReceipt);
    }

    private static TableEntity Row(string key) => new(key[..1], key) { ["Body"] = new byte[Length] };

    private static TableEntity Index(string prefix, string key) => new(key[..1], $"{prefix}|{key}");

    private static (TableClient Table, QueueClient Queue) Clients(string storage) => (
        new TableClient(storage, Name),
        new QueueClient(storage, Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }));
}

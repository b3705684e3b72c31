using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulation.Conformance;

[TestFixture(StorageKind.Azurite)]
[TestFixture(StorageKind.Simulated)]
[Parallelizable(ParallelScope.All)]
internal sealed class QueueTests(StorageKind kind)
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly StorageAccount account = new(kind);

    [Test]
    public async Task A_queue_is_created_once_and_can_be_deleted()
    {
        var queue = account.MissingQueue();

        Assert.That((await queue.CreateIfNotExistsAsync())?.Status, Is.EqualTo(201));
        Assert.That(await queue.CreateIfNotExistsAsync(), Is.Null, "it was there");
        Assert.That((await queue.DeleteIfExistsAsync()).Value, Is.True);
        Assert.That((await queue.DeleteIfExistsAsync()).Value, Is.False);
        Assert.That((await queue.ExistsAsync()).Value, Is.False);
    }

    [Test]
    public void Nothing_works_on_a_queue_that_does_not_exist()
    {
        var queue = account.MissingQueue();
        var code = QueueErrorCode.QueueNotFound.ToString();

        Assert.Multiple(() =>
        {
            Assert.That(() => queue.SendMessageAsync("text"), Refused.With(404, code));
            Assert.That(() => queue.ReceiveMessagesAsync(), Refused.With(404, code));
            Assert.That(() => queue.PeekMessagesAsync(), Refused.With(404, code));
            Assert.That(() => queue.GetPropertiesAsync(), Refused.With(404, code));
            Assert.That(() => queue.DeleteMessageAsync("id", "receipt"), Refused.With(404, code));
        });
    }

    [Test]
    public async Task A_message_is_received_hidden_and_deleted()
    {
        var queue = await account.NewQueueAsync();
        var sent = (await queue.SendMessageAsync("text <&> \ud83d\ude00")).Value;

        var received = (await queue.ReceiveMessagesAsync(32, Long)).Value.Single();

        Assert.That((received.MessageId, received.DequeueCount), Is.EqualTo((sent.MessageId, 1)));
        Assert.That(received.Body.ToString(), Is.EqualTo("text <&> \ud83d\ude00"));
        Assert.That((await queue.ReceiveMessagesAsync(32, Long)).Value, Is.Empty);
        Assert.That((await queue.PeekMessagesAsync(32)).Value, Is.Empty, "what is hidden is not seen");
        Assert.That(await LengthAsync(queue), Is.EqualTo(1), "and counts");
        await queue.DeleteMessageAsync(received.MessageId, received.PopReceipt);
        Assert.That(await LengthAsync(queue), Is.Zero);
    }

    [Test]
    public async Task A_message_that_is_not_deleted_comes_again_and_its_receipt_is_stale()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("text");
        var first = (await queue.ReceiveMessageAsync(Short)).Value;

        var second = await ReceiveLaterAsync(queue);

        Assert.That((second.MessageId, second.DequeueCount), Is.EqualTo((first.MessageId, 2)));
        Assert.That(second.PopReceipt, Is.Not.EqualTo(first.PopReceipt));
        var code = QueueErrorCode.PopReceiptMismatch.ToString();
        Assert.That(() => queue.DeleteMessageAsync(first.MessageId, first.PopReceipt), Refused.With(400, code));
        Assert.That(() => queue.UpdateMessageAsync(first.MessageId, first.PopReceipt, "other", Long), Refused.With(400, code));
    }

    [Test]
    public async Task A_message_that_is_gone_cannot_be_changed()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("text");
        var received = (await queue.ReceiveMessageAsync(Long)).Value;
        await queue.DeleteMessageAsync(received.MessageId, received.PopReceipt);

        var code = QueueErrorCode.MessageNotFound.ToString();
        Assert.That(() => queue.DeleteMessageAsync(received.MessageId, received.PopReceipt), Refused.With(404, code));
        Assert.That(() => queue.UpdateMessageAsync(received.MessageId, received.PopReceipt, "text", Long), Refused.With(404, code));
    }

    [Test]
    public async Task An_update_hides_a_message_anew_and_changes_it()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("text");
        var received = (await queue.ReceiveMessageAsync(Long)).Value;

        var updated = (await queue.UpdateMessageAsync(received.MessageId, received.PopReceipt, "other", TimeSpan.Zero)).Value;
        var again = (await queue.ReceiveMessageAsync(Long)).Value;

        Assert.That((again.Body.ToString(), again.DequeueCount), Is.EqualTo(("other", 2)));
        Assert.That(updated.PopReceipt, Is.Not.EqualTo(received.PopReceipt).And.Not.EqualTo(again.PopReceipt));
    }

    [Test]
    public async Task A_message_may_be_sent_for_later()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("much later", Long);

        Assert.That((await queue.PeekMessagesAsync(32)).Value, Is.Empty);
        await queue.SendMessageAsync("later", Short);
        Assert.That((await ReceiveLaterAsync(queue)).Body.ToString(), Is.EqualTo("later"));
        Assert.That(await LengthAsync(queue), Is.EqualTo(2));
    }

    [Test]
    public async Task A_message_expires_unless_it_is_sent_for_ever()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("short", timeToLive: Short);
        await queue.SendMessageAsync("for ever", timeToLive: TimeSpan.FromSeconds(-1));

        await Eventually.BecomesAsync(
            async () => (await queue.PeekMessagesAsync(32)).Value, seen => seen.Length == 1, "the first message has expired");
        Assert.That((await queue.ReceiveMessageAsync()).Value.Body.ToString(), Is.EqualTo("for ever"));
    }

    [Test]
    public async Task At_most_as_many_messages_as_asked_for_are_received()
    {
        var queue = await account.NewQueueAsync();
        foreach (var i in Enumerable.Range(0, 5))
            await queue.SendMessageAsync($"{i}");

        var first = (await queue.ReceiveMessagesAsync(3, Long)).Value;
        var rest = (await queue.ReceiveMessagesAsync(32, Long)).Value;

        Assert.That((first.Length, rest.Length), Is.EqualTo((3, 2)));
        Assert.That(first.Concat(rest).Select(message => message.Body.ToString()), Is.EquivalentTo(new[] { "0", "1", "2", "3", "4" }));
        Assert.That(() => queue.ReceiveMessagesAsync(33, Long), Refused.With(400, QueueErrorCode.OutOfRangeQueryParameterValue.ToString()));
    }

    [Test]
    public async Task A_queue_can_be_cleared()
    {
        var queue = await account.NewQueueAsync();
        await queue.SendMessageAsync("text");

        await queue.ClearMessagesAsync();

        Assert.That(await LengthAsync(queue), Is.Zero);
    }

    [Test]
    public async Task A_message_of_48_KiB_before_base64_fits_and_a_larger_one_does_not()
    {
        var queue = await account.NewQueueAsync();
        var largest = new byte[48 * 1024];

        await queue.SendMessageAsync(new BinaryData(largest));

        Assert.That((await queue.ReceiveMessageAsync()).Value.Body.ToArray(), Is.EqualTo(largest));
        Assert.That(
            () => queue.SendMessageAsync(new BinaryData(new byte[largest.Length + 1])),
            Refused.With(413, QueueErrorCode.RequestBodyTooLarge.ToString()));
    }

    private static async Task<int> LengthAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    private static Task<QueueMessage> ReceiveLaterAsync(QueueClient queue) => Eventually.BecomesAsync(
        async () => (await queue.ReceiveMessageAsync(Long)).Value, message => message is not null, "the message has come");
}

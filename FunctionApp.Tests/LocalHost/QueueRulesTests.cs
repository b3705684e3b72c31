using Azure.Storage.Queues;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>What becomes of a message, as on the Functions host.</summary>
internal sealed class QueueRulesTests
{
    private static readonly QueueSettings Quick = new() { MaxPollingInterval = TimeSpan.FromMilliseconds(100) };

    [Test]
    public async Task A_message_is_gone_when_its_function_has_succeeded()
    {
        await using var queue = await PolledQueue.CreateAsync();
        await queue.Encoded.SendMessageAsync("hello");

        queue.Start();

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "the message is deleted");
        Assert.That(queue.Function.Invocations, Is.EqualTo(new[] { "hello" }));
    }

    [Test]
    public async Task A_message_that_fails_each_time_goes_to_the_poison_queue_after_its_last_attempt()
    {
        await using var queue = await PolledQueue.CreateAsync();
        queue.Function.Body = _ => throw new InvalidOperationException("It fails.");
        await queue.Encoded.SendMessageAsync("hello");

        queue.Start(Quick with { MaxDequeueCount = 3 });

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "the queue is empty");
        Assert.That(queue.Function.Invocations, Has.Count.EqualTo(3));
        Assert.That((await queue.Poison.PeekMessageAsync()).Value.MessageText, Is.EqualTo("aGVsbG8="), "the text as it was");
    }

    [Test]
    public async Task A_message_received_more_often_than_allowed_goes_to_the_poison_queue_without_its_function()
    {
        await using var queue = await PolledQueue.CreateAsync();
        await queue.Encoded.SendMessageAsync("hello");
        var received = (await queue.Queue.ReceiveMessageAsync()).Value;
        await queue.Queue.UpdateMessageAsync(received.MessageId, received.PopReceipt, received.MessageText, TimeSpan.Zero);

        queue.Start(Quick with { MaxDequeueCount = 1 });

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Poison), length => length == 1, "the message is in poison");
        Assert.That(queue.Function.Invocations, Is.Empty);
    }

    [Test]
    public async Task A_text_that_is_not_base64_goes_to_the_poison_queue_alone()
    {
        await using var queue = await PolledQueue.CreateAsync();
        await queue.Queue.SendMessageAsync("not base64 at all!");
        await queue.Encoded.SendMessageAsync("first");
        await queue.Encoded.SendMessageAsync("second");

        queue.Start();

        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 0, "the queue is empty");
        Assert.That(queue.Function.Invocations, Is.EquivalentTo(new[] { "first", "second" }));
        Assert.That((await queue.Poison.PeekMessageAsync()).Value.MessageText, Is.EqualTo("not base64 at all!"));
    }

    [Test]
    public async Task Without_an_encoding_the_function_gets_the_text()
    {
        await using var queue = await PolledQueue.CreateAsync();
        await queue.Queue.SendMessageAsync("not base64 at all!");

        queue.Start(Quick with { MessageEncoding = QueueMessageEncoding.None });

        await Eventually.TrueAsync(() => !queue.Function.Invocations.IsEmpty, "the function has run");
        Assert.That(queue.Function.Invocations, Is.EqualTo(new[] { "not base64 at all!" }));
    }

    [Test]
    public async Task A_failed_message_stays_invisible_for_the_time_that_host_json_says()
    {
        await using var queue = await PolledQueue.CreateAsync();
        queue.Function.Body = _ => throw new InvalidOperationException("It fails.");
        await queue.Encoded.SendMessageAsync("hello");

        queue.Start(Quick with { VisibilityTimeout = TimeSpan.FromMinutes(10) });
        await Eventually.TrueAsync(() => queue.Hidden.Count > 0, "the message is given back");
        await queue.StopAsync();

        Assert.That(queue.Hidden, Is.EqualTo(new[] { "600" }));
        Assert.That(await PolledQueue.LengthAsync(queue.Queue), Is.EqualTo(1));
        Assert.That((await queue.Queue.PeekMessageAsync()).Value, Is.Null, "nothing is visible");
    }

    [Test]
    public async Task A_message_that_storage_does_not_let_go_of_stays_hidden_and_stops_nothing()
    {
        await using var queue = await PolledQueue.CreateAsync();
        queue.Function.Body = message => message == "bad" ? throw new InvalidOperationException("It fails.") : Task.CompletedTask;
        queue.RefusedUpdates = 1;
        await queue.Encoded.SendMessageAsync("bad");

        queue.Start();
        await Eventually.TrueAsync(() => queue.Hidden.Count > 0, "the message was to be given back");
        await queue.Encoded.SendMessageAsync("good");
        await Eventually.TrueAsync(() => queue.Function.Invocations.Contains("good"), "the next one is processed");
        await queue.StopAsync();

        Assert.That(queue.Function.Invocations, Is.EqualTo(new[] { "bad", "good" }));
        Assert.That(await PolledQueue.LengthAsync(queue.Queue), Is.EqualTo(1));
        Assert.That((await queue.Queue.PeekMessageAsync()).Value, Is.Null, "nothing is visible");
    }

    [Test]
    public async Task A_poison_queue_has_no_poison_queue_and_its_failed_message_stays_hidden()
    {
        await using var queue = await PolledQueue.CreateAsync("work-poison");
        queue.Function.Body = _ => throw new InvalidOperationException("It fails.");
        await queue.Encoded.SendMessageAsync("hello");

        queue.Start(Quick with { MaxDequeueCount = 1 });
        await Eventually.TrueAsync(() => !queue.Function.Invocations.IsEmpty, "the function has run");
        await queue.StopAsync();

        Assert.That(queue.Hidden, Is.Empty, "as received: for ten minutes");
        Assert.That(await PolledQueue.LengthAsync(queue.Queue), Is.EqualTo(1));
        Assert.That((await queue.Queue.PeekMessageAsync()).Value, Is.Null, "nothing is visible");
        Assert.That((await queue.Poison.ExistsAsync()).Value, Is.False);
    }

    [Test]
    public async Task A_text_that_is_not_base64_stays_hidden_in_a_poison_queue()
    {
        await using var queue = await PolledQueue.CreateAsync("work-poison");
        await queue.Queue.SendMessageAsync("not base64 at all!");
        await queue.Encoded.SendMessageAsync("hello");

        queue.Start();
        await Eventually.BecomesAsync(() => PolledQueue.LengthAsync(queue.Queue), length => length == 1, "the other one is processed");
        await queue.StopAsync();

        Assert.That(queue.Function.Invocations, Is.EqualTo(new[] { "hello" }));
        Assert.That((await queue.Queue.PeekMessageAsync()).Value, Is.Null, "nothing is visible");
    }
}

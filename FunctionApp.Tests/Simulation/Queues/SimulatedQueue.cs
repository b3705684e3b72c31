using System.Text;

namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>
/// One queue. Messages come in the order in which they become visible, which the service mostly keeps and never promises.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="becomesVisible">Told when a message becomes visible, as soon as that is known.</param>
internal sealed class SimulatedQueue(TimeProvider time, Action<DateTimeOffset> becomesVisible)
{
    private const int MaxLength = 64 * 1024;

    private readonly List<SimulatedMessage> messages = [];
    private long stamps;

    /// <summary>The messages that have not expired, visible or not.</summary>
    public IReadOnlyList<SimulatedMessage> Messages
    {
        get
        {
            messages.RemoveAll(message => message.ExpiresAt <= Now);
            return messages;
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private IEnumerable<SimulatedMessage> Visible => Messages
        .Where(message => message.VisibleAt <= Now).OrderBy(message => message.VisibleAt);

    /// <summary>Adds a message.</summary>
    /// <param name="text">Its content.</param>
    /// <param name="hidden">How long it stays invisible.</param>
    /// <param name="timeToLive">When it expires, or null for never.</param>
    public SimulatedMessage Send(string text, TimeSpan hidden, TimeSpan? timeToLive)
    {
        CheckLength(text);
        var expiresAt = timeToLive is { } lives ? Now + lives : DateTimeOffset.MaxValue;
        var message = new SimulatedMessage(NewStamp(), text, Now, expiresAt, Now + hidden, NewStamp(), DequeueCount: 0);
        messages.Add(message);
        becomesVisible(message.VisibleAt);
        return message;
    }

    /// <summary>Hands messages out and hides them.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="hidden">How long they are hidden.</param>
    /// <param name="redelivers">Whether the service fails to hide them, which at-least-once delivery allows.</param>
    public IReadOnlyList<SimulatedMessage> Receive(int count, TimeSpan hidden, bool redelivers)
    {
        var received = Visible.Take(count)
            .Select(one => one with { VisibleAt = Now + hidden, PopReceipt = NewStamp(), DequeueCount = one.DequeueCount + 1 })
            .ToList();
        foreach (var message in received)
            Replace(message with { VisibleAt = redelivers ? Now : message.VisibleAt });
        return received;
    }

    /// <summary>Looks at messages without a trace.</summary>
    public IReadOnlyList<SimulatedMessage> Peek(int count) => [.. Visible.Take(count)];

    /// <summary>Changes a message that was received.</summary>
    public SimulatedMessage Update(string id, string popReceipt, string? text, TimeSpan hidden)
    {
        CheckLength(text ?? "");
        var message = Received(id, popReceipt);
        var updated = message with { Text = text ?? message.Text, VisibleAt = Now + hidden, PopReceipt = NewStamp() };
        Replace(updated);
        return updated;
    }

    /// <summary>Removes a message that was received.</summary>
    public void Delete(string id, string popReceipt) => messages.Remove(Received(id, popReceipt));

    /// <summary>Removes all messages.</summary>
    public void Clear() => messages.Clear();

    private static void CheckLength(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MaxLength)
            throw QueueErrors.RequestBodyTooLarge();
    }

    private SimulatedMessage Received(string id, string popReceipt)
    {
        var message = Messages.FirstOrDefault(message => message.Id == id) ?? throw QueueErrors.MessageNotFound();
        return message.PopReceipt == popReceipt ? message : throw QueueErrors.PopReceiptMismatch();
    }

    private void Replace(SimulatedMessage message)
    {
        messages[messages.FindIndex(old => old.Id == message.Id)] = message;
        becomesVisible(message.VisibleAt);
    }

    private string NewStamp() => $"simulated-{++stamps}";
}

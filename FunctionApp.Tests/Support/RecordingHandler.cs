using System.Collections.Concurrent;
using PointWebhooks.Events;
using PointWebhooks.Handlers;

namespace PointWebhooks.Tests.Support;

/// <summary>Writes down every event it is given, and fails when told to.</summary>
internal sealed class RecordingHandler(RecordingHandler.Records records) : IEventHandler<PointEvent>
{
    public async Task HandleAsync(PointEvent pointEvent, EventContext context, CancellationToken cancellationToken)
    {
        await records.BeforeEach(context, cancellationToken);
        if (records.Failing.TryGetValue(context.IdempotencyKey, out var failure) && failure() is { } exception)
            throw exception;
        records.Handled.Enqueue((pointEvent, context));
    }

    /// <summary>What was written down, shared by the handler's instances.</summary>
    public sealed class Records
    {
        public ConcurrentQueue<(PointEvent Event, EventContext Context)> Handled { get; } = [];

        /// <summary>What to do before an event is written down.</summary>
        public Func<EventContext, CancellationToken, Task> BeforeEach { get; set; } = (_, _) => Task.CompletedTask;

        /// <summary>By idempotency key: what to throw, or null to succeed.</summary>
        public ConcurrentDictionary<string, Func<Exception?>> Failing { get; } = [];

        public int Of(string idempotencyKey) => Handled.Count(handled => handled.Context.IdempotencyKey == idempotencyKey);
    }
}

using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Tests.Simulation.Conformance;
using PointWebhooks.Tests.Simulation.Http;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Simulation.Calls;

internal sealed class FaultInjectionTests
{
    private static readonly TableEntity Row = new("p", "r");

    private readonly FakeTimeProvider time = new();
    private readonly SimulatedStorage storage;
    private readonly FaultInjection faults;
    private readonly TableClient table;
    private readonly QueueClient queue;

    public FaultInjectionTests()
    {
        storage = new SimulatedStorage(time);
        faults = new FaultInjection(time);
        var tableOptions = new TableClientOptions { Transport = storage.Transport(faults.SendAsync) };
        var queueOptions = new QueueClientOptions { Transport = storage.Transport(faults.SendAsync) };
        tableOptions.Retry.MaxRetries = 0;
        queueOptions.Retry.MaxRetries = 0;
        table = new TableClient(SimulatedStorage.ConnectionString, "events", tableOptions);
        queue = new QueueClient(SimulatedStorage.ConnectionString, "queue", queueOptions);
    }

    [SetUp]
    public async Task StartAsync()
    {
        faults.Plan = _ => Fault.None;
        await table.DeleteAsync();
        await table.CreateAsync();
        await queue.CreateIfNotExistsAsync();
        storage.Calls.Clear();
    }

    [Test]
    public async Task An_unavailable_service_does_nothing()
    {
        faults.Next(StorageOperation.InsertEntity, Fault.Unavailable);

        Assert.That(() => table.AddEntityAsync(Row), Refused.With(503, "ServerBusy"));
        Assert.That(storage.Tables.Entities("events"), Is.Empty);
        await table.AddEntityAsync(Row);
        Assert.That(storage.Tables.Entities("events"), Has.Count.EqualTo(1), "the fault was of one call");
    }

    [Test]
    public void A_lost_answer_leaves_the_effect()
    {
        faults.Next(StorageOperation.InsertEntity, Fault.AnswerLost);

        Assert.That(
            () => table.AddEntityAsync(Row),
            Throws.TypeOf<RequestFailedException>().With.Property(nameof(RequestFailedException.Status)).EqualTo(0));
        Assert.That(storage.Tables.Entities("events"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_hangs_ends_when_its_caller_gives_up([Values] bool takesEffect)
    {
        faults.Next(StorageOperation.InsertEntity, takesEffect ? Fault.HangsAfterEffect : Fault.Hangs);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), time);
        var call = table.AddEntityAsync(Row, patience.Token);

        Assert.That(call.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(storage.Tables.Entities("events"), Has.Count.EqualTo(takesEffect ? 1 : 0));
    }

    [Test]
    public async Task A_slow_call_takes_effect_late_although_its_caller_has_given_up()
    {
        faults.Next(StorageOperation.InsertEntity, Fault.None with { Delay = TimeSpan.FromMinutes(2) });
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1), time);
        var call = table.AddEntityAsync(Row, patience.Token);

        time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(storage.Tables.Entities("events"), Is.Empty);
        time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => storage.Tables.Entities("events").Count == 1, "it has taken effect");
    }

    [Test]
    public async Task A_message_may_be_delivered_twice()
    {
        await queue.SendMessageAsync("text");
        faults.Next(StorageOperation.ReceiveMessages, Fault.Redelivers);

        var first = (await queue.ReceiveMessageAsync()).Value;
        var second = (await queue.ReceiveMessageAsync()).Value;

        Assert.That((second.MessageId, second.DequeueCount), Is.EqualTo((first.MessageId, 2)));
        Assert.That((await queue.ReceiveMessageAsync()).Value, Is.Null);
    }

    [Test]
    public async Task Calls_are_counted_by_operation_whatever_becomes_of_them()
    {
        faults.Next(StorageOperation.InsertEntity, Fault.Unavailable);
        Assert.That(() => table.AddEntityAsync(Row), Throws.InstanceOf<RequestFailedException>());
        await table.AddEntityAsync(Row);
        await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertMerge, Row)]);
        await queue.SendMessageAsync("text");

        Assert.That(storage.Calls.ToString(), Is.EqualTo("2 InsertEntity, 1 Transaction, 1 SendMessage"));
        Assert.That(storage.Calls.Of(StorageOperation.InsertEntity, "events"), Is.EqualTo(2));
        Assert.That(storage.Calls.Of(StorageOperation.SendMessage, "other"), Is.Zero);
        Assert.That(storage.Calls.Total, Is.EqualTo(4));
    }
}

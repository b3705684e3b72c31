using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using PointWebhooks.Handlers;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Queues;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Simulation.Histories;

namespace PointWebhooks.Tests.Functions;

/// <summary>What the outside relies on: names, routes, queues and schedules. A change here is a change for whoever runs the app.</summary>
internal sealed class FunctionListTests
{
    private static readonly string HostJsonPath = Path.Combine(RepositoryRoot.Find(), "host.json");

    [Test]
    public void The_functions_and_their_triggers_are_these() => Assert.That(
        FunctionDescriptor.All.Select(function => $"{function.Name}: {Describe(function)}"),
        Is.EqualTo(ExpectedFunctions.All));

    [Test]
    public void Every_queue_has_its_function() => Assert.That(
        FunctionDescriptor.All.Select(function => function.Trigger).OfType<QueueTrigger>().Select(trigger => trigger.QueueName),
        Is.EquivalentTo(QueueNames.All), "and no poison queue has one: the host invokes none of its messages more than five times");

    [Test]
    public void A_queue_name_is_one_that_storage_takes() => Assert.That(
        QueueNames.All.Select(name => name + QueueNames.PoisonSuffix), Has.All.Match("^[a-z0-9](-?[a-z0-9])+$").And.All.Length.LessThanOrEqualTo(63));

    // A connection of its own would be another account than the app's. A timer would run at each start, or miss its time unnoticed.
    [Test]
    public void A_trigger_names_its_queue_or_its_schedule_and_nothing_else() => Assert.That(
        from function in FunctionDescriptor.All
        where function.Trigger is not HttpTrigger
        from named in function.Method.GetParameters().SelectMany(parameter => parameter.CustomAttributes)
            .Single(attribute => attribute.AttributeType.Name.EndsWith("TriggerAttribute", StringComparison.Ordinal)).NamedArguments
        select $"{function.Name}: {named}",
        Is.Empty);

    [Test]
    public void The_host_is_set_as_the_documents_say()
    {
        Assert.That(Queues(), Is.EqualTo(new QueueSettings
        {
            BatchSize = 32,
            NewBatchThreshold = 64,
            MaxDequeueCount = 5,
            VisibilityTimeout = TimeSpan.FromSeconds(30),
            MaxPollingInterval = TimeSpan.FromSeconds(5),
            MessageEncoding = EventQueues.MessageEncoding,
        }));
        Assert.That(HostJson().GetProperty("telemetryMode").GetString(), Is.EqualTo("OpenTelemetry"));
        var inWork = Queues().BatchSize + Queues().NewBatchThreshold!.Value;
        Assert.That(
            TimeSpan.Parse(HostJson().GetProperty("functionTimeout").GetString()!, CultureInfo.InvariantCulture),
            Is.GreaterThan(inWork * HandlerLimits.TotalTime),
            "a message may wait for the turn of all others with it, at a handler that takes one at a time");
    }

    [Test]
    public void The_simulated_host_tries_a_message_as_often_and_as_late_as_the_host()
    {
        Assert.That(Simulated<QueueListener>("MaxDequeueCount"), Is.EqualTo(Queues().MaxDequeueCount));
        Assert.That(Simulated<QueueListener>("VisibilityAfterFailure"), Is.EqualTo(Queues().VisibilityTimeout));
        Assert.That(Simulated<SimulatedHost>("LongestPollingInterval"), Is.EqualTo(Queues().MaxPollingInterval));
    }

    [Test]
    public void The_host_reads_messages_as_the_app_writes_them()
    {
        var queues = HostJson().GetProperty("extensions").GetProperty("queues");
        var encoding = Enum.Parse<QueueMessageEncoding>(queues.GetProperty("messageEncoding").GetString()!, ignoreCase: true);
        Assert.That(encoding, Is.EqualTo(EventQueues.MessageEncoding), "or every message would end in poison, silently");
    }

    [Test]
    public void The_receivers_path_is_its_route_under_the_hosts_prefix()
    {
        var route = ((HttpTrigger)FunctionDescriptor.All.Single(function => function.Name == "ReceiveWebhook").Trigger).Route;
        var prefix = HostJson().GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString();
        Assert.That($"/{prefix}/{route}", Is.EqualTo(PointOptions.ReceiverPath));
    }

    private static string Describe(FunctionDescriptor function) => function.Trigger switch
    {
        HttpTrigger http => $"{string.Join(',', http.Methods)} {http.Route} {http.AuthLevel}",
        QueueTrigger queue => $"queue {queue.QueueName}",
        TimerTrigger timer => $"timer {timer.Schedule}",
        _ => function.Trigger.GetType().Name,
    };

    private static JsonElement HostJson()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(HostJsonPath));
        return document.RootElement.Clone();
    }

    private static QueueSettings Queues() => HostSettings.Read(HostJsonPath, new ConfigurationBuilder().Build()).Queues;

    private static object? Simulated<T>(string constant) =>
        typeof(T).GetField(constant, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null);
}

using System.Text.Json;
using Azure.Storage.Queues;
using PointWebhooks.LocalHost;
using PointWebhooks.LocalHost.Hosting;
using PointWebhooks.Queues;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Functions;

/// <summary>What the outside relies on: names, routes, queues and schedules. A change here is a change for whoever runs the app.</summary>
internal sealed class FunctionListTests
{
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
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Find(), "host.json")));
        return document.RootElement.Clone();
    }
}

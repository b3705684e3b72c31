using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>host.json, with the defaults and limits of the Functions host.</summary>
internal sealed class HostSettingsTests
{
    [Test]
    public void The_defaults_are_those_of_the_Functions_host() => Assert.That(
        Read("{}"),
        Is.EqualTo(new HostSettings("api", new QueueSettings
        {
            BatchSize = 16,
            MaxDequeueCount = 5,
            VisibilityTimeout = TimeSpan.Zero,
            MaxPollingInterval = TimeSpan.FromSeconds(2),
            MessageEncoding = QueueMessageEncoding.Base64,
        })));

    [Test]
    public void Half_a_batch_for_each_processor_is_the_default_threshold()
    {
        Assert.That(new QueueSettings { BatchSize = 10 }.FetchBelow, Is.EqualTo(5 * Environment.ProcessorCount));
        Assert.That(new QueueSettings { BatchSize = 1 }.FetchBelow, Is.EqualTo(Environment.ProcessorCount));
        Assert.That(new QueueSettings { BatchSize = 10, NewBatchThreshold = 0 }.FetchBelow, Is.Zero);
    }

    [Test]
    public void What_the_file_says_holds()
    {
        var settings = Read("""
            {
              // A comment, and a comma too many, as the Functions host takes them.
              "extensions": { "http": { "routePrefix": "functions" }, "queues": {
                "batchSize": 4, "newBatchThreshold": 2, "maxDequeueCount": 3, "visibilityTimeout": "00:00:30",
                "maxPollingInterval": "00:00:05", "messageEncoding": "none", } }
            }
            """);

        Assert.That(settings, Is.EqualTo(new HostSettings("functions", new QueueSettings
        {
            BatchSize = 4,
            NewBatchThreshold = 2,
            MaxDequeueCount = 3,
            VisibilityTimeout = TimeSpan.FromSeconds(30),
            MaxPollingInterval = TimeSpan.FromSeconds(5),
            MessageEncoding = QueueMessageEncoding.None,
        })));
    }

    [Test]
    public void A_setting_overrides_the_file()
    {
        var settings = Read(
            """{"extensions":{"queues":{"batchSize":4,"maxDequeueCount":3}}}""",
            ("AzureFunctionsJobHost:extensions:queues:batchSize", "8"),
            ("AzureFunctionsJobHost:extensions:http:routePrefix", "other"));

        Assert.That((settings.RoutePrefix, settings.Queues.BatchSize, settings.Queues.MaxDequeueCount), Is.EqualTo(("other", 8, 3)));
    }

    [TestCase("""{"extensions":{"queues":{"batchSize":33}}}""", "BatchSize")]
    [TestCase("""{"extensions":{"queues":{"batchSize":"many"}}}""", "queues:BatchSize")]
    [TestCase("""{"extensions":{"queues":{"maxDequeueCount":0}}}""", "MaxDequeueCount")]
    [TestCase("""{"extensions":{"queues":{"maxPollingInterval":"00:00:00"}}}""", "MaxPollingInterval")]
    [TestCase("""{"extensions":{"queues":{"visibilityTimeout":"30 s"}}}""", "queues:VisibilityTimeout")]
    [TestCase("""{"extensions":{"queues":{"messageEncoding":"utf8"}}}""", "queues:MessageEncoding")]
    [TestCase("""{"extensions":""", "LineNumber")]
    public void What_is_wrong_is_named(string hostJson, string named) => Assert.That(
        () => Read(hostJson), Throws.InvalidOperationException.With.Message.StartsWith("host.json: ").And.Message.Contains(named));

    private static HostSettings Read(string hostJson, params (string Name, string Value)[] settings)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, hostJson);
            var configured = settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value));
            return HostSettings.Read(path, new ConfigurationBuilder().AddInMemoryCollection(configured).Build());
        }
        finally
        {
            File.Delete(path);
        }
    }
}

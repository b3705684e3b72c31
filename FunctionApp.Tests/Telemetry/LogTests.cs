using Microsoft.Extensions.Logging;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>The log of the app, as an exporter is given it.</summary>
[NonParallelizable]
internal sealed class LogTests
{
    private static readonly string[] ScopeOfAnEvent = ["PointEvent", "EventType", "IdempotencyKey"];

    private Story story = null!;

    [OneTimeSetUp]
    public async Task ListenAsync() => story = await Story.ToldAsync();

    [Test]
    public void An_event_that_goes_through_is_three_entries_at_Information_whatever_the_default_level()
    {
        var entries = story.Observed.Logs.Where(entry => story.Plain.Equals(entry.Scope.GetValueOrDefault("IdempotencyKey"))).ToList();
        Assert.That(entries.Select(entry => entry.Id), Is.EquivalentTo([1, 20, 10]));
        Assert.That(entries.Select(entry => entry.Level), Is.All.EqualTo(LogLevel.Information));
    }

    [Test]
    public void The_entries_of_an_event_have_its_key_and_type_and_stand_in_its_trace()
    {
        var id = EventId.Of("ProvisioningCompleted", story.Plain).Value;
        var trace = story.Observed.Of("receive webhook", story.Plain).Single().TraceId.ToHexString();
        var entries = story.Observed.Logs.Where(entry => entry.TraceId == trace).ToList();
        Assert.That(entries, Has.Count.EqualTo(3));
        Assert.That(entries.Select(entry => entry.Scope["IdempotencyKey"]), Is.All.EqualTo(story.Plain));
        Assert.That(entries.Select(entry => entry.Scope["EventType"]), Is.All.EqualTo("ProvisioningCompleted"));
        Assert.That(entries.Select(entry => entry.Message), Has.Some.EqualTo($"Accepted event {id}."));
        Assert.That(entries.Select(entry => entry.Scope["PointEvent"]), Is.All.EqualTo(id));
    }

    [Test]
    public void A_refused_request_is_one_entry_that_says_nothing_of_its_content()
    {
        var refusal = story.Observed.Logs.Single(entry => entry.Id == 3);
        Assert.That(refusal.Message, Is.EqualTo("Refused 1 request(s) with 401: signature-mismatch."));
        Assert.That(refusal.Scope.Keys.Intersect(ScopeOfAnEvent), Is.Empty);
    }

    [Test]
    public void Nothing_but_this_app_logs_when_all_is_well() =>
        Assert.That(story.Observed.Logs.Select(entry => entry.Category), Is.All.StartsWith("PointWebhooks.").Or.EqualTo("LocalHost"));

    [TestCase("Logging:LogLevel:Default")]
    [TestCase("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics")]
    [TestCase("Logging:OpenTelemetry:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics")]
    [TestCase("Logging:OpenTelemetry:LogLevel:Default")]
    [TestCase("Logging:OpenTelemetry:LogLevel:System.Net.Http.HttpClient.SyskitPoint")]
    public async Task No_setting_opens_the_loggers_that_write_urls(string setting)
    {
        var observed = new Observed();
        var settings = new Dictionary<string, string?>
        {
            [setting] = "Trace",
            ["Logging:OpenTelemetry:LogLevel:Microsoft.AspNetCore.Routing"] = "Trace",
        };
        await using (var app = await TestApp.StartAsync(settings: settings, configure: observed.Listen))
        {
            using var response = await app.Sender.SendAsync(
                new Uri($"{app.Receiver}?code={Story.QueryCanary}"),
                SampleEvents.Body("ProvisioningStarted", "one"),
                app.Point.SignatureKey);
        }

        var entries = observed.Logs.ToList();
        Assert.That(entries.Select(entry => entry.Category), Has.Some.StartsWith("Microsoft.AspNetCore.Routing"), "others do open");
        Assert.That(entries.Select(entry => entry.Message), Has.None.Contains(Story.QueryCanary));
        Assert.That(
            entries.Where(entry => entry.Level < LogLevel.Warning).Select(entry => entry.Category),
            Has.None.StartsWith("System.Net.Http.HttpClient").And.None.EqualTo("Microsoft.AspNetCore.Hosting.Diagnostics"));
    }
}

using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

[NonParallelizable]
internal sealed class ReplayTraceTests
{
    [Test]
    public async Task A_replay_stands_in_the_trace_of_the_webhook_that_brought_the_event()
    {
        var observed = new Observed();
        var key = $"replayed-{Guid.NewGuid()}";
        await using (var app = await TestApp.StartAsync(configure: observed.Listen))
        {
            await app.SendAsync("ProvisioningCompleted", key);
            await app.EventInAsync("Completed", key);
            using var replay = await app.Http.PostAsync($"/api/events/{key}/replay?completed=true", null);
            await Eventually.TrueAsync(() => app.Records.Of(key) == 2, "the handler ran again");
            await app.EventInAsync("Completed", key);
            await app.QueuesAreEmptyAsync();
        }

        var receive = observed.Of("receive webhook", key).Single();
        var processed = observed.Of("process event", key);
        Assert.That(processed, Has.Count.EqualTo(2));
        Assert.That(processed.Select(span => (span.TraceId, span.ParentSpanId)), Is.All.EqualTo((receive.TraceId, receive.SpanId)));
    }
}

using System.Diagnostics;
using System.Net;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>A page answers when storage does not.</summary>
internal sealed class PagesWithoutStorageTests
{
    private TestApp app = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => app = await TestApp.StartWithoutStorageAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await app.DisposeAsync();

    [TestCase("/api/events", "text/html", HttpStatusCode.OK, "Unknown: events.")]
    [TestCase("/api/events/some-key", "text/html", HttpStatusCode.ServiceUnavailable, "The event cannot be read now.")]
    [TestCase("/api/events/some-key", "application/json", HttpStatusCode.ServiceUnavailable, "The event cannot be read now.")]
    public async Task It_says_what_is_unknown(string url, string accepted, HttpStatusCode status, string said)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Accept", accepted } } };
        var begun = Stopwatch.GetTimestamp();
        using var answer = await app.Http.SendAsync(request);
        TestContext.Out.WriteLine($"after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");

        Assert.That(answer.StatusCode, Is.EqualTo(status));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(said));
    }
}

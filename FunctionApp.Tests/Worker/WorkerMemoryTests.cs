using System.Net;
using PointWebhooks.Receiving;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Worker.Hosting;

namespace PointWebhooks.Tests.Worker;

/// <summary>How much memory the worker needs under a flood; an instance that has none left is ended, with all that it works on.</summary>
internal sealed class WorkerMemoryTests
{
    private const long MostMebibytes = 300;

    [TestCase(200)]
    [TestCase(1000, Explicit = true, Reason = "Needs an idle machine.", Category = "Soak")]
    public async Task As_many_bodies_as_large_as_they_may_be_at_once_leave_it_alive(int bodies)
    {
        await using var app = await WorkerApp.StartAsync();
        var idle = app.Host.Process.PeakMemory >> 20;

        var answers = await Task.WhenAll(Enumerable.Range(0, bodies).Select(async i =>
        {
            using var answer = await app.PostAsync(SampleEvents.Body("ProvisioningStarted", $"large-{i}", BoundedBody.MaxLength));
            return answer.StatusCode;
        }));

        var peak = app.Host.Process.PeakMemory >> 20;
        TestContext.Out.WriteLine(
            $"{bodies} bodies of 256 KiB: {string.Join(", ", answers.CountBy(status => status).Select(one => $"{one.Value} × {(int)one.Key}"))}; "
            + $"peak {peak} MiB, {idle} before.");
        Assert.That(answers, Is.All.EqualTo(HttpStatusCode.Accepted).Or.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answers, Has.Some.EqualTo(HttpStatusCode.Accepted));
        Assert.That(peak, Is.LessThan(MostMebibytes));
        await app.AcceptAsync("ProvisioningStarted", "small");
    }
}

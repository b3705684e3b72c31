using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.PointApi;
using PointWebhooks.Tests.Support;
using static PointWebhooks.Tests.Registration.RegisteringApp;

namespace PointWebhooks.Tests.Registration;

/// <summary>A Syskit Point that does not answer, or whose answer cannot be read to its end.</summary>
internal sealed class UnansweredRegistrationTests
{
    private const int LongestAnswer = 4 * 1024 * 1024;
    private const string NoAnswer = "Syskit Point did not answer GET /v1.0/webhooks/endpoints: ";

    [Test]
    public async Task An_answer_that_does_not_end_ends_the_run()
    {
        await using var app = await RegisteringApp.StartAsync(time: new ScaledClock(DateTimeOffset.UtcNow, 20, TimeSpan.Zero));
        app.Point.Answer = request => Results.Stream(async body =>
        {
            await body.WriteAsync("["u8.ToArray());
            await body.FlushAsync();
            await Task.Delay(Timeout.Infinite, request.HttpContext.RequestAborted);
        });

        var record = await app.FailToRegisterAsync().WaitAsync(TimeSpan.FromMinutes(5));

        Assert.That(record.Error, Does.StartWith(NoAnswer));
    }

    [Test]
    public async Task A_call_that_is_accepted_and_never_answered_ends_the_run_and_is_said()
    {
        await using var app = await RegisteringApp.StartAsync(time: new ScaledClock(DateTimeOffset.UtcNow, 20, TimeSpan.Zero));
        app.Point.Answer = _ => new Silence();

        var record = await app.FailToRegisterAsync().WaitAsync(TimeSpan.FromMinutes(5));

        Assert.That(record.Error, Does.StartWith(NoAnswer));
    }

    [Test]
    public async Task A_limit_of_the_clients_own_is_said_to_be_no_answer()
    {
        await using var app = await RegisteringApp.StartAsync(
            configure: services => services.AddHttpClient(PointApiClient.ClientName).AddHttpMessageHandler(() => new CancellingHandler()));

        var record = await app.FailToRegisterAsync();

        Assert.That(record.Error, Does.StartWith(NoAnswer + "A task was canceled."));
    }

    [Test]
    public async Task An_answer_of_four_mebibytes_is_read_and_no_longer_one()
    {
        await using var app = await RegisteringApp.StartAsync();
        var listing = $$"""[{"endpoint":"{{Url}}","types":["*"]}]""".PadRight(LongestAnswer);
        app.Point.Answer = request => request.Method == "GET" ? Results.Text(listing, "application/json") : null;
        Assert.That((await app.RegisterAsync()).Result, Is.EqualTo("in-place"));
        listing += ' ';
        Assert.That((await app.FailToRegisterAsync()).Error, Does.StartWith(NoAnswer));
    }

    private sealed class Silence : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Task.Delay(Timeout.Infinite, httpContext.RequestAborted);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using PointWebhooks.Registration;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Registration;

/// <summary>An app whose registration is run, with its log kept.</summary>
internal static class RegisteringApp
{
    public const string Url = "http://127.0.0.1:7071/api/webhooks/point";

    public static Task<TestApp> StartAsync(
        string? storage = null, Dictionary<string, string?>? settings = null, FakeLoggerProvider? log = null, TimeProvider? time = null) =>
        TestApp.StartAsync(storage, settings, time, isProcessing: false, isTiming: false, configure: services =>
        {
            if (log is not null)
                services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        });

    /// <summary>Runs the registration and says what is recorded.</summary>
    public static async Task<RegistrationResult> RegisterAsync(this TestApp app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<RegistrationRun>().RunAsync(CancellationToken.None);
        return await app.RecordAsync();
    }

    /// <summary>Runs the registration, which is to fail, and says what is recorded.</summary>
    public static async Task<RegistrationResult> FailToRegisterAsync(this TestApp app)
    {
        var failure = Assert.CatchAsync(app.RegisterAsync);
        var record = await app.RecordAsync();
        Assert.That(record.Result, Is.EqualTo(RegistrationResult.Failed));
        Assert.That(record.Error, Is.EqualTo(failure!.Message), "the host logs what the record says");
        return record;
    }

    public static async Task<RegistrationResult> RecordAsync(this TestApp app) =>
        (await app.Services.GetRequiredService<RegistrationStore>().ReadAsync(CancellationToken.None))!;

    /// <summary>The calls of the endpoints' API since a number of calls.</summary>
    public static IReadOnlyList<string> MethodsSince(this TestApp app, int calls) => [.. app.Point.CallLog.Skip(calls).Select(call => call.Split(' ')[0])];
}

using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Signatures;
using PointWebhooks.Simulator;
using PointWebhooks.Tests.Registration;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Signatures;

/// <summary>The app's services with a simulated Syskit Point and a clock that stands still; nothing but the test asks for keys.</summary>
internal sealed class KeysUnderTest(SimulatedPoint point, WebApplication server, ServiceProvider services, FakeTimeProvider time) : IAsyncDisposable
{
    public SimulatedPoint Point => point;

    public FakeTimeProvider Time => time;

    public SignatureKeys Keys { get; } = services.GetRequiredService<SignatureKeys>();

    public static async Task<KeysUnderTest> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var point = new SimulatedPoint();
        var server = await PointServer.StartAsync(point, 0, CancellationToken.None);
        var all = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["Point:BaseUrl"] = server.Urls.Single(),
            ["Point:EndpointUrl"] = RegisteringApp.Url,
            ["Point:DevelopmentToken"] = point.Token,
        };
        foreach (var setting in settings ?? [])
            all[setting.Key] = setting.Value;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddSingleton<TimeProvider>(time);
        return new KeysUnderTest(point, server, services.AddPointWebhooks(configuration).BuildServiceProvider(), time);
    }

    public async Task<IReadOnlyList<string>> TextsAsync() => [.. (await Keys.GetAsync()).Select(Encoding.UTF8.GetString)];

    public async Task<IReadOnlyList<string>?> RefreshAsync() =>
        await Keys.RefreshAfterMismatchAsync() is { } refreshed ? [.. refreshed.Select(Encoding.UTF8.GetString)] : null;

    public async ValueTask DisposeAsync()
    {
        // The resilience of the HTTP client waits for calls under way, on the clock that stands still.
        var disposing = services.DisposeAsync().AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return disposing.IsCompleted;
            },
            "the services are disposed");
        await server.StopAsync();
        await server.DisposeAsync();
    }
}

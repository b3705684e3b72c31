using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Operations;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Support;

/// <summary>Limits of time for a test that is not about them: a busy machine is no outage.</summary>
internal static class Patience
{
    private const double ForAnswers = 1 / 60.0;
    private const double ForStorage = 1 / 20.0;

    /// <summary>How long a client of the test waits for an answer.</summary>
    public static readonly TimeSpan OfClients = TimeSpan.FromMinutes(10);

    /// <summary>Gives operators' answers sixty times as long: one may take hundreds of calls of an emulator that every test has.</summary>
    public static void WithAnswers(IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AnswerDeadline>(provider, SlowClock(ForAnswers)));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PartReader>(provider, SlowClock(ForAnswers)));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<ReceiverHealth>(provider, SlowClock(ForAnswers)));
    }

    /// <summary>Gives storage twenty times as long.</summary>
    public static void WithStorage(IServiceCollection services) => services.AddSingleton(new StorageRetry(SlowClock(ForStorage), Random.Shared));

    private static ScaledClock SlowClock(double factor) => new(DateTimeOffset.UtcNow, factor, TimeSpan.Zero);
}

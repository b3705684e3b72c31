using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Operations;
using PointWebhooks.Storage;

namespace PointWebhooks.Tests.Support;

/// <summary>Limits of time for a test that is not about them: a busy machine is no outage.</summary>
internal static class Patience
{
    private const double BusyMachine = 1 / 20.0;

    /// <summary>Gives operators' answers twenty times as long.</summary>
    public static void WithAnswers(IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AnswerDeadline>(provider, SlowClock()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PartReader>(provider, SlowClock()));
    }

    /// <summary>Gives storage twenty times as long.</summary>
    public static void WithStorage(IServiceCollection services) => services.AddSingleton(new StorageRetry(SlowClock(), Random.Shared));

    private static ScaledClock SlowClock() => new(DateTimeOffset.UtcNow, BusyMachine, TimeSpan.Zero);
}

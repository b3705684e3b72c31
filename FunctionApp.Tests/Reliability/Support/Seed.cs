using System.Globalization;

namespace PointWebhooks.Tests.Reliability.Support;

/// <summary>What the chance of a test starts from: printed, so that a failure can be repeated.</summary>
internal static class Seed
{
    /// <summary>The environment variable that sets it.</summary>
    public const string Variable = "RELIABILITY_SEED";

    /// <summary>A source of chance from the seed that is set, or from a new one.</summary>
    public static Random NewRandom()
    {
        var isSet = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var set);
        var seed = isSet ? set : Random.Shared.Next();
        TestContext.Progress.WriteLine($"{TestContext.CurrentContext.Test.Name}: {Variable}={seed}");
        return new Random(seed);
    }
}

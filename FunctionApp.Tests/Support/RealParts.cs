namespace PointWebhooks.Tests.Support;

/// <summary>
/// What makes a test slow: the storage emulator, ports of this machine, processes. With <c>FAST_TESTS=true</c> in the environment every
/// test that asks for one of them is ignored, whichever way it comes to it, so that nobody has to keep a list of the fast ones.
/// </summary>
internal static class RealParts
{
    public static bool AreLeftOut { get; } =
        string.Equals(Environment.GetEnvironmentVariable("FAST_TESTS"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Ignores the test that runs, if the fast ones alone are wanted.</summary>
    public static void Need(string part)
    {
        if (AreLeftOut)
            Assert.Ignore($"Needs {part}, and FAST_TESTS is set.");
    }
}

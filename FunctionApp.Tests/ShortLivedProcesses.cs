namespace PointWebhooks.Tests;

/// <summary>
/// The processes that tests start inherit that no code is compiled a second time, to be faster: they live for seconds, and it never pays.
/// </summary>
[SetUpFixture]
internal sealed class ShortLivedProcesses
{
    [OneTimeSetUp]
    public void CompileOnce() => Environment.SetEnvironmentVariable("DOTNET_TC_CallCounting", "0");
}

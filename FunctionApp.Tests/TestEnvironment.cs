namespace PointWebhooks.Tests;

/// <summary>Makes the environment of the tests, and of the processes that they start and that inherit it, the same on every machine.</summary>
[SetUpFixture]
internal sealed class TestEnvironment
{
    private const string OpenTelemetry = "OTEL_";
    private const string ThisMachine = "127.0.0.1,localhost";

    // These would send what tests measure to a real resource, or name an identity that no test means.
    private static readonly string[] Elsewhere =
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_ID"];

    // Which of the two spellings counts differs from program to program.
    private static readonly string[] NoProxy = ["no_proxy", "NO_PROXY"];

    [OneTimeSetUp]
    public void Prepare()
    {
        // Child processes live for seconds: compiling code a second time, to be faster, never pays, nor does the memory of a server.
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCounting", "0");
        Environment.SetEnvironmentVariable("DOTNET_gcServer", null);
        // No server looks after files that change: each would watch every folder of the repository.
        Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
        // NUnit waits on threads of the pool, which has one for each core at first and gets more slowly: servers and clients of the same
        // process would wait for them.
        ThreadPool.SetMinThreads(32, 32);

        var set = Environment.GetEnvironmentVariables().Keys.Cast<string>();
        foreach (var name in Elsewhere.Concat(set.Where(one => one.StartsWith(OpenTelemetry, StringComparison.OrdinalIgnoreCase))))
            Environment.SetEnvironmentVariable(name, null);

        // A proxy does not reach what listens on this machine.
        var hosts = NoProxy.Select(name => Environment.GetEnvironmentVariable(name)).Append(ThisMachine);
        var withoutProxy = string.Join(',', hosts.Where(some => !string.IsNullOrEmpty(some)).Distinct());
        foreach (var name in NoProxy)
            Environment.SetEnvironmentVariable(name, withoutProxy);
    }
}

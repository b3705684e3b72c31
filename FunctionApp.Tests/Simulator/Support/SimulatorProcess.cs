using PointWebhooks.Simulator;
using PointWebhooks.Tests.Infra;

namespace PointWebhooks.Tests.Simulator.Support;

/// <summary>PointSimulator as somebody runs it: a process of its own.</summary>
internal static class SimulatorProcess
{
    /// <summary>Runs a command without the secrets that this test run may have in its environment.</summary>
    public static Task<ChildProcess.Result> RunAsync(params string[] arguments) => RunWithAsync([], arguments);

    /// <summary>Runs a command.</summary>
    public static Task<ChildProcess.Result> RunWithAsync(Dictionary<string, string> environment, params string[] arguments) =>
        ChildProcess.RunAsync(
            TestContext.CurrentContext.TestDirectory,
            "dotnet",
            ["exec", typeof(SimulatorCommands).Assembly.Location, .. arguments],
            new Dictionary<string, string>
            {
                ["POINT_SIGNATURE_KEY"] = "",
                ["POINT_FUNCTION_KEY"] = "",
                ["POINT_MASTER_KEY"] = "",
            }.Concat(environment).GroupBy(each => each.Key).ToDictionary(same => same.Key, same => same.Last().Value));
}

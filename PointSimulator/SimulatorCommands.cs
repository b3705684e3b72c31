using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command line: <c>serve</c>, <c>send</c>, <c>preview</c>, <c>check</c> and <c>after-deploy</c>.</summary>
public static class SimulatorCommands
{
    /// <summary>The commands.</summary>
    public static RootCommand Root() => new("A Syskit Point to develop webhooks against.")
    {
        ServeCommand.Create(), SendCommand.Create(), PreviewCommand.Create(), CheckCommand.Create(), AfterDeployCommand.Create(),
    };
}

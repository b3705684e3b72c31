using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command line: <c>serve</c> the API, <c>send</c> events to any endpoint, <c>check</c> an app, or what follows a deployment.</summary>
public static class SimulatorCommands
{
    /// <summary>The commands.</summary>
    public static RootCommand Root() => new("A Syskit Point to develop webhooks against.")
    {
        ServeCommand.Create(), SendCommand.Create(), CheckCommand.Create(), AfterDeployCommand.Create(),
    };
}

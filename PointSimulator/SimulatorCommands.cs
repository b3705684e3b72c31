using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command line: <c>serve</c> the API, <c>send</c> events to any endpoint, or <c>check</c> a deployment.</summary>
public static class SimulatorCommands
{
    /// <summary>The commands.</summary>
    public static RootCommand Root() => new("A Syskit Point to develop webhooks against.")
    {
        ServeCommand.Create(), SendCommand.Create(), CheckCommand.Create(),
    };
}

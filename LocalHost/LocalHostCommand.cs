using System.CommandLine;
using PointWebhooks.Settings;

namespace PointWebhooks.LocalHost;

/// <summary>The command line.</summary>
public static class LocalHostCommand
{
    /// <summary>The command.</summary>
    public static RootCommand Root()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port of the functions at 127.0.0.1; the simulator takes the next one.",
            DefaultValueFactory = _ => 7071,
        };
        var noSimulator = new Option<bool>("--no-simulator")
        {
            Description = "Leave the simulator out, and work with the Syskit Point of the settings.",
        };
        var smoke = new Option<bool>("--smoke")
        {
            Description = "Run the demonstration once and exit 0 only if every step went as expected.",
        };
        var command = new RootCommand(
            "Runs the functions of this repository on this machine, with a storage emulator and a simulated Syskit Point.")
        {
            port, noSimulator, smoke,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await LocalSession.RunAsync(
                    parsed.GetValue(port), !parsed.GetValue(noSimulator), parsed.GetValue(smoke), cancellationToken);
            }
            catch (SettingsException e)
            {
                return Fail("The settings are not right:", e.Failures);
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                return Fail("LocalHost cannot start:", [e.Message]);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return 0;
            }
        });
        return command;
    }

    private static int Fail(string what, IEnumerable<string> why)
    {
        Console.Error.WriteLine(what);
        foreach (var line in why)
            Console.Error.WriteLine($"  {line}");
        return 1;
    }
}

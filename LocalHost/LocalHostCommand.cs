using System.CommandLine;
using Microsoft.Extensions.Options;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost;

/// <summary>The command line.</summary>
internal static class LocalHostCommand
{
    private const int LongestError = 2000;

    /// <summary>The command.</summary>
    public static RootCommand Root()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port of the functions at 127.0.0.1; the simulator takes the next one.",
            DefaultValueFactory = _ => 7071,
        };
        port.Validators.Add(result => CommandInput.CheckRange(result, 1, 65534));
        var noSimulator = new Option<bool>("--no-simulator")
        {
            Description = "Leave the simulator and the demonstration out, and work with the Syskit Point of the settings.",
        };
        var smoke = new Option<bool>("--smoke")
        {
            Description = "End after the demonstration, with exit code 0 only if every step went as expected.",
        };
        var demonstrate = new Option<bool>("--demonstrate")
        {
            Description = "Demonstrate also when AzureWebJobsStorage names an account that is no emulator, or the settings have handlers of their own.",
        };
        var handlers = new Option<bool>("--handlers")
        {
            Description = "Simulate Jira, ServiceNow, Teams and a receiver of events too, each with a handler, and demonstrate what they do.",
        };
        var keepData = new Option<string?>("--keep-data")
        {
            Description = "A folder where the storage emulator keeps its data; by default they are in memory, and gone at the end.",
        };
        var command = new RootCommand(
            "Runs the functions of this repository on this machine, with a storage emulator and a simulated Syskit Point.")
        {
            port, noSimulator, smoke, demonstrate, handlers, keepData,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noSimulator) && (result.GetValue(smoke) || result.GetValue(demonstrate) || result.GetValue(handlers)))
                result.AddError("--smoke, --demonstrate and --handlers need the simulator: leave --no-simulator out.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new SessionOptions(
                parsed.GetValue(port),
                !parsed.GetValue(noSimulator),
                parsed.GetValue(smoke),
                parsed.GetValue(demonstrate),
                parsed.GetValue(handlers),
                parsed.GetValue(keepData)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        // System.CommandLine takes Ctrl+C once it has this task, so it gets it before anything has begun.
        await Task.Yield();
        try
        {
            return await new LocalSession(options).RunAsync(cancellationToken) ? 0 : 1;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return options.IsSmoke ? 1 : 0;
        }
        catch (Exception e)
        {
            var wrong = Wrong(e).ToList();
            await Console.Error.WriteLineAsync(
                wrong.Count > 0 ? "The settings are not right:\n  " + string.Join("\n  ", wrong)
                : e is InvalidOperationException ? $"LocalHost cannot start: {e.Message}"
                : $"LocalHost cannot start: {OneLine.Of(e, LongestError)}");
            return 1;
        }
    }

    // Every mistake of every section: the host collects the failures of several options in one exception.
    private static IEnumerable<string> Wrong(Exception e) => e switch
    {
        OptionsValidationException options => options.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Wrong),
        _ => [],
    };
}

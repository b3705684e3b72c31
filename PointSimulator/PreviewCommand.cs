using System.CommandLine;
using PointWebhooks.Handlers;
using PointWebhooks.Settings;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>preview</c>: what each configured handler would send, without sending it.</summary>
public static class PreviewCommand
{
    internal static Command Create()
    {
        var type = new Option<string[]>("--type")
        {
            Description = "A type of event to take a sample of; by default each documented one. May be given several times.",
        };
        var file = new Option<FileInfo>("--event")
        {
            Description = "A file with the body of an event, as Syskit Point sends it, in place of a sample.",
        }.AcceptExistingOnly();
        var handler = new Option<string?>("--handler") { Description = "The name of one handler, such as teams-it; by default all of them." };
        var settings = new Option<FileInfo>("--settings")
        {
            Description = "The settings; those of the environment come before them.",
            DefaultValueFactory = _ => new FileInfo("local.settings.json"),
        };
        var command = new Command("preview", "Shows what each configured handler would send, without sending it: for writing templates.")
        {
            type, file, handler, settings,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(settings)!, parsed.GetValue(file), parsed.GetValue(type) ?? [], parsed.GetValue(handler), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo settings, FileInfo? file, string[] types, string? handler, CancellationToken cancellationToken)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(LocalSettings.Read(settings.FullName)).AddEnvironmentVariables().Build();
            await using var preview = new Preview(configuration, handler);
            var bodies = file is not null ? [await File.ReadAllBytesAsync(file.FullName, cancellationToken)]
                : (types.Length > 0 ? types : SampleEvents.Types).Select(type => SampleEvents.Body(type, "sample"));
            foreach (var warning in preview.Warnings)
                await Console.Error.WriteLineAsync($"A setting may be wrong: {warning}");
            foreach (var line in bodies.SelectMany(body => preview.Of(body)))
                Console.WriteLine(line);
            return 0;
        }
        catch (Exception e) when (e is SettingsException or InvalidOperationException or PermanentFailureException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}

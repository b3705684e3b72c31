using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>after-deploy</c>: registers the endpoint of an app that was just deployed, and sees it at work.</summary>
internal static class AfterDeployCommand
{
    private const string MasterKeyVariable = "POINT_MASTER_KEY";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var url = new Option<Uri?>("--url")
        {
            Description = "The address of the app: in Azure the output functionAppUrl of its deployment.",
            Required = true,
            CustomParser = CommandInput.ParseUrl,
        };
        var version = new Option<string?>("--app-version")
        {
            Description = "The version that was deployed, or its commit; by default any.",
        };
        var timeout = CheckCommand.TimeoutOption(900);
        var command = new Command(
            "after-deploy",
            "Waits for an app, registers its endpoint, and checks its version, the registered url and that it completes an event. "
            + $"The keys come from the environment: {MasterKeyVariable}; {CheckCommand.FunctionKeyVariable}, by default the master "
            + $"key; and {CheckCommand.SignatureKeyVariable}, without which no event is sent. Exits 0 when every step went well, else 1.")
        {
            url, version, timeout,
        };
        command.Validators.Add(result =>
        {
            if (CommandInput.Secret(MasterKeyVariable) is null)
                result.AddError($"There is no master key: set {MasterKeyVariable}.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var master = CommandInput.Secret(MasterKeyVariable)!;
            var keys = new AfterDeployment.Keys(
                master,
                CommandInput.Secret(CheckCommand.FunctionKeyVariable) ?? master,
                CommandInput.Secret(CheckCommand.SignatureKeyVariable));
            using var http = CheckCommand.Client(parsed.GetValue(url)!);
            var steps = new Steps(Console.WriteLine, TimeSpan.FromSeconds(parsed.GetValue(timeout)), Pause, TimeProvider.System);
            return await new AfterDeployment(http, steps).RunAsync(keys, parsed.GetValue(version)?.Trim(), cancellationToken) ? 0 : 1;
        });
        return command;
    }
}

using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>after-deploy</c>: registers the endpoint of an app that was just deployed, and sees it at work.</summary>
internal static class AfterDeployCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var app = CheckCommand.AppArgument();
        var resourceGroup = new Option<string?>("--resource-group")
        {
            Description = "The resource group of the app, to read its master key with the Azure CLI; "
                + $"not needed with {MasterKey.Variable} in the environment.",
        };
        var name = new Option<string?>("--name")
        {
            Description = "The name of the app in that group; by default the first label of its address.",
        };
        var version = new Option<string?>("--expect-version")
        {
            Description = "The version that was deployed, or its commit; by default any.",
        };
        var timeout = CheckCommand.TimeoutOption(900);
        var command = new Command(
            "after-deploy",
            "Waits for an app, registers its endpoint and checks its version, its registered url and, with "
            + $"{CheckCommand.SignatureKeyVariable} in the environment, that it completes an event. "
            + "Exits 0 when every step went well, else 1.")
        {
            app, resourceGroup, name, version, timeout,
        };
        command.Validators.Add(result =>
        {
            if (CommandInput.Secret(MasterKey.Variable) is null && string.IsNullOrWhiteSpace(result.GetValue(resourceGroup)))
                result.AddError($"There is no master key: set {MasterKey.Variable}, or pass --resource-group to have `az` read it.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var url = parsed.GetValue(app)!;
            using var http = CheckCommand.Client(url);
            var steps = new Steps(Console.WriteLine, TimeSpan.FromSeconds(parsed.GetValue(timeout)), Pause);
            return await new AfterDeployment(http, steps).RunAsync(
                Reader(parsed.GetValue(resourceGroup), parsed.GetValue(name) ?? url.Host.Split('.')[0]),
                parsed.GetValue(version),
                CommandInput.Secret(CheckCommand.SignatureKeyVariable),
                cancellationToken) ? 0 : 1;
        });
        return command;
    }

    private static Func<CancellationToken, Task<MasterKey>> Reader(string? resourceGroup, string name) =>
        CommandInput.Secret(MasterKey.Variable) is { } key
            ? _ => Task.FromResult(new MasterKey(key, $"was taken from {MasterKey.Variable}."))
            : cancellationToken => MasterKey.ReadAsync(resourceGroup!, name, cancellationToken);
}

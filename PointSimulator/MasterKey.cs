using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace PointWebhooks.Simulator;

/// <summary>The master key of a function app, which may run functions that HTTP does not trigger.</summary>
/// <param name="Key">The key, or null when it cannot be had yet.</param>
/// <param name="What">How it was read, as the end of a sentence.</param>
internal sealed record MasterKey(string? Key, string What)
{
    /// <summary>Where a caller puts it who has it.</summary>
    public const string Variable = "FUNCTIONS_MASTER_KEY";

    /// <summary>Reads it with the Azure CLI; right after a deployment the keys are often not to be listed.</summary>
    /// <param name="resourceGroup">The resource group of the app.</param>
    /// <param name="name">The name of the app.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<MasterKey> ReadAsync(string resourceGroup, string name, CancellationToken cancellationToken)
    {
        try
        {
            var az = await Cli.Wrap("az")
                .WithArguments(
                [
                    "functionapp", "keys", "list", "--resource-group", resourceGroup, "--name", name,
                    "--query", "masterKey", "--output", "tsv",
                ])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
            return az.IsSuccess && az.StandardOutput.Trim() is { Length: > 0 } key
                ? new MasterKey(key, $"of {name} was read with the Azure CLI.")
                : new MasterKey(null, $"of {name} could not be read: {OneLine.Of(az.StandardError.Trim(), 300)}");
        }
        catch (Win32Exception)
        {
            return new MasterKey(null, $"could not be read: `az` was not found. Install the Azure CLI, or set {Variable}.");
        }
    }
}

using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>serve</c>: the simulated API, until Ctrl+C.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port to serve at on 127.0.0.1; 0 takes a free one.",
            DefaultValueFactory = _ => 7072,
        };
        var key = new Option<string?>("--key") { Description = "The signature key; by default a new one." };
        var token = new Option<string>("--token") { Description = "The bearer token to accept.", DefaultValueFactory = _ => "development" };
        var oldEdition = new Option<bool>("--old-edition") { Description = "Serve an API that can only register, as before 2025.5." };
        port.Validators.Add(result => CommandInput.CheckRange(result, 0, 65535));
        var command = new Command("serve", "Serves the webhook part of the Syskit Point API until Ctrl+C.")
        {
            port, key, token, oldEdition,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var point = new SimulatedPoint { Token = parsed.GetValue(token)!, IsOldEdition = parsed.GetValue(oldEdition) };
            point.SignatureKey = parsed.GetValue(key) ?? point.SignatureKey;
            try
            {
                await using var server = await PointServer.StartAsync(point, parsed.GetValue(port), cancellationToken);
                var url = server.Urls.First();
                Console.WriteLine($"Syskit Point is simulated at {url} with the signature key {point.SignatureKey}. Ctrl+C ends it.");
                Console.WriteLine(
                    $"POST {url}/simulator/send/ProvisioningCompleted sends an event to what is registered; "
                    + "also there: rotate-key, down, up.");
                await server.WaitForShutdownAsync(cancellationToken);
                return 0;
            }
            catch (InvalidOperationException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return 1;
            }
        });
        return command;
    }
}

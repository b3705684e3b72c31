using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command line: <c>serve</c> the API, or <c>send</c> one event to any endpoint.</summary>
public static class SimulatorCommands
{
    /// <summary>The commands.</summary>
    public static RootCommand Root() => new("A Syskit Point to develop webhooks against.") { Serve(), Send(), CheckCommand.Create() };

    private static Command Serve()
    {
        var port = new Option<int>("--port") { Description = "The port to serve at on 127.0.0.1.", DefaultValueFactory = _ => 7072 };
        var key = new Option<string?>("--key") { Description = "The signature key; by default a new one." };
        var token = new Option<string>("--token") { Description = "The bearer token to accept.", DefaultValueFactory = _ => "development" };
        var oldEdition = new Option<bool>("--old-edition") { Description = "Serve an API that can only register, as before 2025.5." };
        var command = new Command("serve", "Serves the webhook part of the Syskit Point API until Ctrl+C.") { port, key, token, oldEdition };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var point = new SimulatedPoint { Token = parsed.GetValue(token)!, IsOldEdition = parsed.GetValue(oldEdition) };
            point.SignatureKey = parsed.GetValue(key) ?? point.SignatureKey;
            await using var server = await PointServer.StartAsync(point, parsed.GetValue(port), cancellationToken);
            Console.WriteLine($"Syskit Point is simulated at {server.Urls.First()} with the signature key {point.SignatureKey}. Ctrl+C ends it.");
            await server.WaitForShutdownAsync(cancellationToken);
        });
        return command;
    }

    private static Command Send()
    {
        var type = new Argument<string>("type") { Description = "The event's type, such as ProvisioningCompleted." };
        var to = new Option<Uri>("--to") { Description = "The url of the receiver.", Required = true };
        var key = new Option<string>("--key") { Description = "The signature key (webhooksSignatureAuthenticationKey).", Required = true };
        var idempotencyKey = new Option<string?>("--idempotency-key") { Description = "The event's idempotency key; by default a new one." };
        var chunked = new Option<bool>("--chunked") { Description = "Send the body in chunks, without a Content-Length." };
        var command = new Command("send", "Sends one signed event and prints the answer; exits 0 when it was accepted.") { type, to, key, idempotencyKey, chunked };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var http = new HttpClient();
            var body = SampleEvents.Body(parsed.GetValue(type)!, parsed.GetValue(idempotencyKey) ?? Guid.NewGuid().ToString());
            using var response = await new WebhookSender(http).SendAsync(
                parsed.GetValue(to)!, body, parsed.GetValue(key)!, parsed.GetValue(chunked), cancellationToken);
            Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            return response.IsSuccessStatusCode ? 0 : 1;
        });
        return command;
    }
}

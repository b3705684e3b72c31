namespace PointWebhooks.Simulator;

/// <summary>
/// Switches of a running simulator over HTTP, beside the API that it simulates: <c>curl -X POST …/simulator/rotate-key</c>.
/// </summary>
public static class SimulatorControls
{
    /// <summary>Adds the switches to an app.</summary>
    public static void MapSimulatorControls(this WebApplication app, SimulatedPoint point)
    {
        var controls = app.MapGroup("/simulator");
        controls.MapPost("/rotate-key", point.RotateKey);
        controls.MapPost("/down", () => { point.IsDown = true; });
        controls.MapPost("/up", () => { point.IsDown = false; });
        controls.MapPost("/send/{type}", async (string type, CancellationToken cancellationToken) =>
        {
            using var http = new HttpClient();
            var sender = new WebhookSender(http);
            var answers = new List<string>();
            foreach (var (url, _) in point.Registered.Where(endpoint => endpoint.Value.Contains("*") || endpoint.Value.Contains(type)))
            {
                using var response = await sender.SendAsync(
                    new Uri(url),
                    SampleEvents.Body(type, Guid.NewGuid().ToString()),
                    point.SignatureKey,
                    cancellationToken: cancellationToken);
                answers.Add($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }

            return answers;
        });
    }
}

namespace PointWebhooks.Simulator;

/// <summary>
/// Switches of a running simulator over HTTP, beside the API that it simulates: <c>curl -X POST …/simulator/rotate-key</c>. A web
/// page of another site cannot press them.
/// </summary>
public static class SimulatorControls
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Adds the switches to an app.</summary>
    public static void MapSimulatorControls(this WebApplication app, SimulatedPoint point)
    {
        var controls = app.MapGroup("/simulator");
        controls.AddEndpointFilter(async (context, next) =>
            IsCrossSite(context.HttpContext.Request) ? Results.StatusCode(StatusCodes.Status403Forbidden) : await next(context));
        controls.MapPost("/rotate-key", point.RotateKey);
        controls.MapPost("/down", () => { point.IsDown = true; });
        controls.MapPost("/up", () => { point.IsDown = false; });
        controls.MapPost("/send/{type}", async (string type, CancellationToken cancellationToken) =>
        {
            using var http = CommandInput.CreateClient(SendTimeout);
            var answers = new List<string>();
            foreach (var (url, _) in point.Registered.Where(endpoint => endpoint.Value.Contains("*") || endpoint.Value.Contains(type)))
                answers.Add(await SendAsync(http, new Uri(url), type, point.SignatureKey, cancellationToken));
            return answers;
        });
    }

    private static async Task<string> SendAsync(
        HttpClient http, Uri url, string type, string signatureKey, CancellationToken cancellationToken)
    {
        try
        {
            var body = SampleEvents.Body(type, Guid.NewGuid().ToString());
            using var response = await new WebhookSender(http).SendAsync(url, body, signatureKey, cancellationToken: cancellationToken);
            return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return $"{CommandInput.Display(url)} {CommandInput.WhyNoAnswer(e, SendTimeout)}";
        }
    }

    // Browsers say where a request comes from in Sec-Fetch-Site (Fetch Metadata), older ones in Origin; programs send neither.
    private static bool IsCrossSite(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none"
        || request.Headers.Origin is { Count: > 0 } origin && origin != $"{request.Scheme}://{request.Host}";
}

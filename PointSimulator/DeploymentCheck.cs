using System.Globalization;

namespace PointWebhooks.Simulator;

/// <summary>
/// Sees an app at work: it is healthy, registered, reached at the registered url, accepts a signed event and completes it. The
/// event is of a type that is not documented, so no handler of a documented type acts on it.
/// </summary>
/// <param name="http">A client whose base address is the app's.</param>
/// <param name="steps">Takes the steps, and tells them.</param>
internal sealed class DeploymentCheck(HttpClient http, Steps steps)
{
    /// <summary>The type of the event that is sent.</summary>
    public const string EventType = "DeploymentCheck";

    private const string StatusPath = "/api/status";

    // RegisterEndpoint runs every hour: an older result is of a timer that stands still.
    private static readonly TimeSpan RegistrationIsRecent = TimeSpan.FromHours(2);

    private readonly DeployedApp app = new(http);

    /// <summary>Takes one step after the other, and each until it goes well or the time is up.</summary>
    /// <param name="signatureKey">The signature key of Syskit Point, or null to send no event.</param>
    /// <param name="functionKey">A function key, or null to leave out what asks for one in Azure.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>Whether every step went well.</returns>
    public async Task<bool> RunAsync(string? signatureKey, string? functionKey, CancellationToken cancellationToken)
    {
        if (!await CheckHealthAsync(cancellationToken))
            return false;

        if (functionKey is null)
            steps.Tell("The registration was not checked: that needs a function key.");
        else if (!await CheckRegistrationAsync(functionKey, Registration, cancellationToken))
            return false;

        return await CheckEventAsync(signatureKey, functionKey, cancellationToken);
    }

    /// <summary>The app answers that an event sent now would be kept.</summary>
    public Task<bool> CheckHealthAsync(CancellationToken cancellationToken) => steps.TakeAsync(
        "GET /api/health",
        async token =>
        {
            var answer = await app.GetAsync("/api/health", null, token);
            return new StepResult(answer.Status == 200 ? true : null, $"answers {answer.Said}.");
        },
        cancellationToken);

    /// <summary>The status says that the endpoint is registered, and the registered url leads to this app.</summary>
    /// <param name="functionKey">A function key.</param>
    /// <param name="look">Judges the status.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<bool> CheckRegistrationAsync(
        string functionKey, Func<AppAnswer, StepResult> look, CancellationToken cancellationToken)
    {
        Uri? registered = null;
        return await steps.TakeAsync($"GET {StatusPath}", Look, cancellationToken)
            && (registered is null || await CheckUrlAsync(registered, cancellationToken));

        async Task<StepResult> Look(CancellationToken token)
        {
            var status = await app.GetAsync(StatusPath, functionKey, token);
            _ = Uri.TryCreate(status.Text("registration", "url"), UriKind.Absolute, out registered);
            return status.Status == 401 ? new StepResult(false, "answers 401: the function key is not one of the app's.")
                : status.Status != 200 ? new StepResult(null, $"answers {status.Said}.")
                : status.Text("version") is null ? new StepResult(false, $"answers {status.Said}: that is not the status of this app.")
                : look(status);
        }
    }

    /// <summary>A signed event is accepted and completed; without the signature key there is nothing to do.</summary>
    public async Task<bool> CheckEventAsync(string? signatureKey, string? functionKey, CancellationToken cancellationToken)
    {
        if (signatureKey is null)
        {
            steps.Tell("No event was sent: that needs the signature key.");
            return true;
        }

        var key = $"deployment-check-{Guid.NewGuid()}";
        return await steps.TakeAsync($"POST {DeployedApp.ReceiverPath}", token => SendAsync(key, signatureKey, token), cancellationToken)
            && await steps.TakeAsync($"GET /api/events/{key}", token => EventAsync(key, functionKey, token), cancellationToken);
    }

    private static StepResult Registration(AppAnswer status)
    {
        var result = status.Text("registration", "result");
        var at = status.Text("registration", "at");
        var error = status.Text("registration", "error");
        var version = $"answers 200, version {status.Text("version")}";
        var said = $"{version}, registration {result}, at {at}";
        return result is null ? new StepResult(false, $"{version}: RegisterEndpoint has not run yet. Run it, or use after-deploy.")
            : result == "failed" ? new StepResult(false, $"{said}: {error}")
            : !IsRecent(at, status.Text("at")) ? new StepResult(false, $"{said}, hours ago: RegisterEndpoint runs no more.")
            : new StepResult(true, error is null ? $"{said}." : $"{said}. It says: {error}");
    }

    private static bool IsRecent(string? then, string? now) =>
        DateTimeOffset.TryParse(then, CultureInfo.InvariantCulture, out var from)
        && DateTimeOffset.TryParse(now, CultureInfo.InvariantCulture, out var to)
        && to - from < RegistrationIsRecent;

    // Events go to that url, whatever the address is that this check was given.
    private Task<bool> CheckUrlAsync(Uri url, CancellationToken cancellationToken) => steps.TakeAsync(
        $"POST {CommandInput.Display(url)}, unsigned,",
        async token =>
        {
            var answer = await app.SendUnsignedAsync(url, token);
            return answer is { Status: 401 } && answer.Text("reason") == "signature-missing"
                ? new StepResult(true, $"answers {answer.Said}, as this app does.")
                : new StepResult(
                    answer.Status is 403 or >= 500 ? null : false,
                    $"answers {answer.Said}: the registered url does not lead to this app. See Point:EndpointUrl.");
        },
        cancellationToken);

    private async Task<StepResult> SendAsync(string key, string signatureKey, CancellationToken cancellationToken)
    {
        var answer = await app.SendEventAsync(SampleEvents.Body(EventType, key), signatureKey, cancellationToken);
        // 200: an earlier try had been kept although its answer was lost.
        var isGood = answer.Status is 202 or 200 ? true : answer.Status is 403 or >= 500 ? null : (bool?)false;
        return new StepResult(isGood, $"answers {answer.Said} to the event {key}.");
    }

    private async Task<StepResult> EventAsync(string key, string? functionKey, CancellationToken cancellationToken)
    {
        var answer = await app.GetAsync($"/api/events/{key}", functionKey, cancellationToken);
        return answer.Status == 401 ? new StepResult(false, "answers 401: the app asks for a function key.")
            : answer.Status != 200 ? new StepResult(null, $"answers {answer.Said}.")
            : answer.Text("state") switch
            {
                "Completed" => new StepResult(true, "answers 200, Completed."),
                "Dead" => new StepResult(false, $"answers 200, Dead: {answer.Text("lastError")}"),
                { } state => new StepResult(null, $"answers 200, {state}."),
                null => new StepResult(false, $"answers {answer.Said}: that is not an event of this app."),
            };
    }
}

namespace PointWebhooks.Simulator;

/// <summary>
/// What follows every deployment: waits for the app, has it register its endpoint, and sees that the version that was deployed did so
/// and answers, that the registered url leads to it and that an event goes through. What Azure is known to answer for some minutes
/// while roles, keys and code spread (401, 403, 404, 5xx) is waited for.
/// </summary>
/// <param name="http">A client whose base address is the app's.</param>
/// <param name="steps">Takes the steps, and tells them.</param>
internal sealed class AfterDeployment(HttpClient http, Steps steps)
{
    private const string RegisterFunction = "RegisterEndpoint";

    // A run takes seconds. One without a result by then was lost with its instance, which a deployment may replace.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    private readonly DeployedApp app = new(http);
    private readonly DeploymentCheck check = new(http, steps);

    // The run of RegisterEndpoint that is waited for, by the time of the result before it, and when it was started; or null.
    private (string Before, TimeSpan Started)? run;

    // What came of the one before.
    private string? failure;

    /// <summary>Takes every step.</summary>
    /// <param name="keys">The keys of the app and of Syskit Point.</param>
    /// <param name="expectedVersion">The version that was deployed, or the commit of it; null for any.</param>
    /// <param name="cancellationToken">Ends the steps.</param>
    /// <returns>Whether every step went well.</returns>
    public async Task<bool> RunAsync(Keys keys, string? expectedVersion, CancellationToken cancellationToken) =>
        await check.CheckHealthAsync(cancellationToken)
        && await steps.TakeAsync(RegisterFunction, token => RegisterAsync(keys, expectedVersion, token), cancellationToken)
        && await check.CheckRegistrationAsync(keys.Function, status => Version(status, expectedVersion), cancellationToken)
        && await check.CheckEventAsync(keys.Signature, keys.Function, cancellationToken);

    private static StepResult Version(AppAnswer status, string? expected)
    {
        var version = status.Text("version")!;
        return IsOf(version, expected)
            ? new StepResult(true, $"answers 200, version {version}.")
            : new StepResult(null, $"answers 200, version {version} instead of {expected}: the code before may still be answering.");
    }

    // Such as 0.1.0+3f1c…: the version, and the commit that it was built from.
    private static bool IsOf(string? version, string? expected) =>
        expected is null || version == expected || (version?.Split('+').Contains(expected) ?? false);

    private async Task<StepResult> RegisterAsync(Keys keys, string? expectedVersion, CancellationToken cancellationToken)
    {
        var status = await app.GetAsync("/api/status", keys.Function, cancellationToken);
        if (status.Status != 200)
            return new StepResult(null, $"waits for GET /api/status, which answers {status.Said}{Advice(status.Status)}.");

        var at = status.Text("registration", "at") ?? "never";
        if (run is { } ended && at != ended.Before)
        {
            run = null;
            var result = Result(status, at, expectedVersion);
            failure = result.What;
            return result;
        }

        if (run is null || steps.Elapsed - run.Value.Started > LongestRun)
        {
            var answer = await app.RunFunctionAsync(RegisterFunction, keys.Master, cancellationToken);
            if (answer.Status != 202)
                return new StepResult(null, $"was not started: the admin API answers {answer.Said}{Advice(answer.Status)}.");
            run = (at, steps.Elapsed);
        }

        return new StepResult(null, failure is null ? "has been started and has no result yet." : $"{failure} It has been started again.");
    }

    private static StepResult Result(AppAnswer status, string at, string? expectedVersion)
    {
        var (result, error) = (status.Text("registration", "result"), status.Text("registration", "error"));
        // A version of before it was kept says its own alone.
        var version = status.Text("registration", "version") ?? status.Text("version");
        // A new role at Syskit Point or at the storage account takes minutes to be known everywhere: started again.
        return result is null or "failed" ? new StepResult(null, $"failed at {at}: {error}")
            // What the code before has put right says nothing of that which was deployed.
            : !IsOf(version, expectedVersion) ? new StepResult(null, $"was run by version {version ?? "unknown"} instead of {expectedVersion}, at {at}.")
            : new StepResult(true, $"says {result}, at {at}{(error is null ? "." : $": {error}")}");
    }

    private static string Advice(int status) => status switch
    {
        401 => " (the key is not the app's, or not known to it yet)",
        403 => " (an access rule, or a role that has not spread yet)",
        404 => " (the app has not loaded its functions yet)",
        >= 500 => " (the app is starting)",
        _ => "",
    };

    /// <summary>What it takes to ask an app.</summary>
    /// <param name="Master">The master key, which runs functions that HTTP does not trigger.</param>
    /// <param name="Function">A function key, or the master key.</param>
    /// <param name="Signature">The signature key of Syskit Point, or null to send no event.</param>
    internal sealed record Keys(string Master, string Function, string? Signature);
}

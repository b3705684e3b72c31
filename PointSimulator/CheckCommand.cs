using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>check</c>: whether a deployed app is at work.</summary>
internal static class CheckCommand
{
    // From the environment, because the arguments of a process are open to everybody on the machine.
    internal const string SignatureKeyVariable = "POINT_SIGNATURE_KEY";
    internal const string FunctionKeyVariable = "POINT_FUNCTION_KEY";

    public static Command Create()
    {
        var app = new Argument<Uri?>("app")
        {
            Description = "The address of the app: in Azure the output functionAppUrl of its deployment.",
            CustomParser = CommandInput.ParseUrl,
        };
        var timeout = TimeoutOption(300);
        var functionKey = new Option<string?>("--function-key")
        {
            Description = "A function key, to check the registration and to look at the event; by default the environment variable "
                + $"{FunctionKeyVariable}, which no list of processes shows.",
        };
        var command = new Command(
            "check",
            "Checks that an app is healthy, with a function key that its endpoint is registered and leads to it, and with "
            + $"{SignatureKeyVariable} in the environment that it completes an event. Exits 0 when every step went well, else 1.")
        {
            app, functionKey, timeout,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var http = Client(parsed.GetValue(app)!);
            var steps = new Steps(Console.WriteLine, TimeSpan.FromSeconds(parsed.GetValue(timeout)), TimeSpan.FromMilliseconds(500), TimeProvider.System);
            var check = new DeploymentCheck(http, steps);
            return await check.RunAsync(
                CommandInput.Secret(SignatureKeyVariable),
                parsed.GetValue(functionKey)?.Trim() ?? CommandInput.Secret(FunctionKeyVariable),
                cancellationToken) ? 0 : 1;
        });
        return command;
    }

    internal static Option<int> TimeoutOption(int seconds)
    {
        var timeout = new Option<int>("--timeout")
        {
            Description = "Seconds that all steps together may take.",
            DefaultValueFactory = _ => seconds,
        };
        timeout.Validators.Add(result => CommandInput.CheckRange(result, 1, 86400));
        return timeout;
    }

    // The steps have the time limit.
    internal static HttpClient Client(Uri app)
    {
        var http = CommandInput.CreateClient(Timeout.InfiniteTimeSpan);
        http.BaseAddress = new Uri(app.GetLeftPart(UriPartial.Authority));
        return http;
    }
}

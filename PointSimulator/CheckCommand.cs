using System.CommandLine;

namespace PointWebhooks.Simulator;

/// <summary>The command <c>check</c>: what follows a deployment.</summary>
internal static class CheckCommand
{
    // From the environment, because the arguments of a process are open to everybody on the machine.
    private const string SignatureKeyVariable = "POINT_SIGNATURE_KEY";
    private const string FunctionKeyVariable = "POINT_FUNCTION_KEY";

    public static Command Create()
    {
        var app = new Argument<string>("app")
        {
            Description = "The address of the app, such as https://<name>.azurewebsites.net.",
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "Seconds that all steps together may take.",
            DefaultValueFactory = _ => 300,
        };
        var command = new Command(
            "check",
            $"Checks that an app is healthy and, with {SignatureKeyVariable} set, completes an event; {FunctionKeyVariable} lets it look.")
        {
            app, timeout,
        };
        command.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValue(app), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                result.AddError("The address of the app is not an absolute http or https url.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var http = new HttpClient { BaseAddress = new Uri(parsed.GetValue(app)!) };
            var check = new DeploymentCheck(http, Console.WriteLine);
            var limit = TimeSpan.FromSeconds(parsed.GetValue(timeout));
            return await check.RunAsync(Variable(SignatureKeyVariable), Variable(FunctionKeyVariable), limit, cancellationToken) ? 0 : 1;
        });
        return command;
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

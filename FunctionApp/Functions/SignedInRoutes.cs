using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using PointWebhooks.Operations;

namespace PointWebhooks.Functions;

/// <summary>
/// <c>/api/signed-in/…</c>: the routes of operators once more, for people who sign in with Entra ID instead of having a function key in the
/// address. The Functions host takes a key at a level or nothing at all, and knows no level for who has signed in
/// (Azure/azure-functions-host issue 11394), so these are Anonymous there and ask here; closed unless <c>Operations:SignIn</c> says otherwise.
/// The links of the pages are relative and stay below this path.
/// </summary>
internal sealed class SignedInRoutes(
    EventRoutes events, EventChanges changes, CauseRoutes causes, HandlerRoutes handlers, StatusRoutes status, Operators operators)
{
    private const string Login = "/.auth/login/aad?post_login_redirect_uri=";

    [Function("SignedIn")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "delete", Route = "signed-in/{*path}")] HttpRequest request,
        string? path,
        CancellationToken cancellationToken) =>
        operators.IsSignedIn(request) ? DispatchAsync(request, path, cancellationToken) : Task.FromResult(Refused(request));

    private Task<IResult> DispatchAsync(HttpRequest request, string? path, CancellationToken cancellationToken) =>
        (request.Method, (path ?? "").Split('/')) switch
        {
            ("GET", ["status"]) => status.StatusAsync(request, cancellationToken),
            ("POST", ["self-check"]) => status.SelfCheckAsync(request, cancellationToken),
            ("GET", ["events"]) => events.ListAsync(request, cancellationToken),
            ("GET", ["events.csv"]) => events.CsvAsync(request, cancellationToken),
            ("POST", ["events", "replay"]) => changes.ReplayDeadAsync(request, cancellationToken),
            ("GET", ["events", var id]) => events.GetAsync(request, id, cancellationToken),
            ("DELETE", ["events", var id]) => changes.EraseAsync(request, id, cancellationToken),
            ("POST", ["events", var id, "erase"]) => changes.EraseByFormAsync(request, id, cancellationToken),
            ("POST", ["events", var id, "give-up"]) => changes.GiveUpAsync(request, id, cancellationToken),
            ("POST", ["events", var id, "replay"]) => changes.ReplayAsync(request, id, cancellationToken),
            ("POST", ["causes", var cause, "acknowledge"]) => causes.AcknowledgeAsync(request, cause),
            ("POST", ["handlers", var name, "pause"]) => handlers.PauseAsync(request, name, cancellationToken),
            ("POST", ["handlers", var name, "resume"]) => handlers.ResumeAsync(request, name, cancellationToken),
            _ => Task.FromResult<IResult>(TypedResults.NotFound()),
        };

    private IResult Refused(HttpRequest request)
    {
        if (!operators.MaySignIn || !AcceptHeader.PrefersHtml(request) || !HttpMethods.IsGet(request.Method))
            return Answers.SignIn(request, operators.MaySignIn);
        var headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-store";
        // No redirect: where a form was sent, browsers let none lead out of what its page names as form-action.
        headers["Refresh"] = $"0; url={Login}{Uri.EscapeDataString(request.Path + request.QueryString)}";
        return TypedResults.Text("Nobody is signed in. Signing in ...", statusCode: StatusCodes.Status401Unauthorized);
    }
}

using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PointWebhooks.Simulator;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>
/// HTTP triggers as endpoints of Kestrel. As with Core Tools, no function asks for its key: what asks for one in Azure is answered
/// only to the names of this machine, so that no web page whose own name was pointed at 127.0.0.1 (DNS rebinding) can read it.
/// </summary>
internal static class HttpFunctions
{
    private const string Anonymous = "Anonymous";

    public static void Map(WebApplication app, IReadOnlyList<FunctionDescriptor> functions, string routePrefix)
    {
        foreach (var (function, trigger) in functions.With<HttpTrigger>(app.Configuration))
        {
            var route = $"/{routePrefix}/{trigger.Route ?? function.Name}";
            RequestDelegate run = context => trigger.AuthLevel == Anonymous || LoopbackServer.IsByOwnName(context.Request)
                ? RunAsync(function, route, context)
                : RefuseAsync(context.Response);
            _ = trigger.Methods.Count == 0 ? app.Map(route, run) : app.MapMethods(route, trigger.Methods, run);
        }

        // The Functions host answers a wrong method like a wrong route.
        app.Use(async (context, next) =>
        {
            await next();
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status405MethodNotAllowed })
            {
                context.Response.Headers.Allow = default;
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
    }

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status400BadRequest;
        return response.WriteAsync("LocalHost answers this only at 127.0.0.1 and localhost.");
    }

    private static async Task RunAsync(FunctionDescriptor function, string route, HttpContext context)
    {
        using var activity = HostActivity.StartRequest(context.Request, route);
        try
        {
            var result = await function.InvokeAsync(context.RequestServices, parameter => Bind(parameter, context));
            await result!.ExecuteAsync(context);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.FunctionFailed(context.RequestServices, function.Name, e);
            context.Response.Clear();
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        activity?.SetTag("http.response.status_code", context.Response.StatusCode);
    }

    private static object? Bind(ParameterInfo parameter, HttpContext context) =>
        parameter.ParameterType == typeof(HttpRequest) ? context.Request
        : parameter.ParameterType == typeof(CancellationToken) ? context.RequestAborted
        : context.Request.RouteValues[parameter.Name!];
}

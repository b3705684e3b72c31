using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>
/// HTTP as the host does it for a worker with ASP.NET Core: the request goes to the worker's own web server, under the id of the
/// invocation that is sent over gRPC beside it.
/// </summary>
internal static class HttpInvocations
{
    private static readonly HttpClient Forward = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    /// <summary>Invokes the function with a request, and waits for both its answer and its end.</summary>
    /// <param name="host">The host.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="request">The request; its url is the path under the root.</param>
    /// <param name="traceParent">The W3C trace context that the request arrived with.</param>
    public static async Task<HttpResponseMessage> SendAsync(
        this WorkerHost host, string function, HttpRequestMessage request, string traceParent = "")
    {
        var invocation = Invocation(host.Functions[function], "/" + request.RequestUri!.OriginalString, traceParent);
        request.RequestUri = new Uri(new Uri(host.Capabilities["HttpUri"]), request.RequestUri);
        request.Headers.Add("x-ms-invocation-id", invocation.InvocationId);
        if (traceParent.Length > 0)
            request.Headers.Add("traceparent", traceParent);

        var (forwarding, running) = (Forward.SendAsync(request), host.InvokeAsync(invocation));
        var response = await forwarding;
        try
        {
            var result = await running;
            return result.Status == StatusResult.Types.Status.Success
                ? response
                : throw new InvalidOperationException($"{function} failed: {result.Exception?.Message}");
        }
        catch (WorkerExitedException)
        {
            // The caller has its answer: a worker that stops does not wait until the host has the result, too.
            return response;
        }
    }

    private static InvocationRequest Invocation(WorkerFunction function, string path, string traceParent)
    {
        var invocation = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = function.Id,
            TraceContext = new RpcTraceContext { TraceParent = traceParent },
        };
        var http = new RpcHttp();
        foreach (var (name, value) in RouteValues(function, path))
        {
            http.NullableParams[name] = new NullableString { Value = value };
            invocation.TriggerMetadata[name] = new TypedData { String = value };
        }

        invocation.InputData.Add(new ParameterBinding { Name = function.TriggerParameter, Data = new TypedData { Http = http } });
        return invocation;
    }

    private static IEnumerable<(string Name, string Value)> RouteValues(WorkerFunction function, string path)
    {
        var values = new RouteValueDictionary();
        var template = new TemplateMatcher(TemplateParser.Parse($"api/{function.Route}"), []);
        return template.TryMatch(PathString.FromUriComponent(path.Split('?')[0]), values)
            ? values.Select(value => (value.Key, value.Value!.ToString()!))
            : throw new ArgumentException($"{path} is not a path of {function}.", nameof(path));
    }
}

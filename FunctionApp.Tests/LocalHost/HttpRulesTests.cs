using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>What a request gets that no function answers, and which function answers which, as on the Functions host.</summary>
internal sealed class HttpRulesTests
{
    private WebApplication app = null!;
    private HttpClient http = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("AzureWebJobs.Disabled.Disabled", "true")]);
        app = builder.Build();
        HttpFunctions.Map(
            app,
            [
                Function("Unrouted", nameof(Answers.EchoAsync), null, "get", "put"),
                Function("Numbered", nameof(Answers.EchoAsync), "orders/{id:int}/{part?}", "get"),
                Function("Failing", nameof(Answers.FailAsync), "failing", "get"),
                Function("Disabled", nameof(Answers.EchoAsync), "disabled", "get"),
                Function("AnyMethod", nameof(Answers.EchoAsync), "any"),
            ],
            "functions");
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [TestCase("GET", "/functions/Unrouted", "GET")]
    [TestCase("PUT", "/functions/unrouted", "PUT")]
    [TestCase("GET", "/functions/orders/17", "GET 17")]
    [TestCase("GET", "/functions/orders/17/lines", "GET 17 lines")]
    [TestCase("DELETE", "/functions/any", "DELETE")]
    public async Task A_function_answers_its_route_and_methods(string method, string path, string expected)
    {
        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.That(await answer.Content.ReadAsStringAsync(), Is.EqualTo(expected));
    }

    [TestCase("POST", "/functions/Unrouted", HttpStatusCode.NotFound, Description = "another method")]
    [TestCase("GET", "/functions/orders/seventeen", HttpStatusCode.NotFound, Description = "a constraint that does not hold")]
    [TestCase("GET", "/functions/unknown", HttpStatusCode.NotFound, Description = "no such route")]
    [TestCase("GET", "/Unrouted", HttpStatusCode.NotFound, Description = "without the prefix")]
    [TestCase("GET", "/api/Unrouted", HttpStatusCode.NotFound, Description = "another prefix")]
    [TestCase("GET", "/functions/disabled", HttpStatusCode.NotFound, Description = "a disabled function")]
    [TestCase("GET", "/functions/failing", HttpStatusCode.InternalServerError, Description = "an unhandled exception")]
    public async Task What_no_function_answers_has_an_empty_body(string method, string path, HttpStatusCode expected)
    {
        using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
        Assert.That(answer.Content.Headers.Allow, Is.Empty);
    }

    private static FunctionDescriptor Function(string name, string method, string? route, params string[] methods) =>
        new(name, typeof(Answers).GetMethod(method)!, new HttpTrigger(route, methods, "Anonymous"));

    public sealed class Answers
    {
        public static Task<IResult> EchoAsync(HttpRequest request, string? id, string? part) =>
            Task.FromResult(Results.Text(string.Join(' ', new[] { request.Method, id, part }.OfType<string>())));

        public static Task<IResult> FailAsync(HttpRequest request)
        {
            request.HttpContext.Response.Headers.Allow = "GET";
            throw new InvalidOperationException("It fails.");
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>The registration of a url that is a secret, with a Syskit Point that repeats it in whatever it answers.</summary>
internal static class PlantedRegistrations
{
    /// <summary>Runs it with every answer that leads elsewhere.</summary>
    public static async Task RunAsync(TestApp app, Canaries canaries)
    {
        var url = app.Services.GetRequiredService<IOptions<PointOptions>>().Value.EndpointUrl!;
        var earlier = $"{url.Split('?')[0]}?code={canaries.New("earlier query")}";
        Task RegisterAsync() => app.RunTimerAsync("RegisterEndpoint");
        var error = new { message = "An error has occurred.", exceptionMessage = $"Endpoint {url} or {earlier} was not found." };
        void Answer(string method, int status) => app.Point.Answer = request =>
            request.Method == method ? Results.Json(error, statusCode: status) : null;
        void List(string listing) => app.Point.Answer = request =>
            request.Method == "GET" ? Results.Text(listing, "application/json") : null;

        await RegisterAsync();
        app.Point.Register(earlier, "*");
        foreach (var status in (int[])[404, 400])
        {
            Answer("DELETE", status);
            await RegisterAsync();
        }

        foreach (var status in (int[])[200, 400, 401, 403, 404, 409])
        {
            Answer("GET", status);
            await RegisterAsync();
        }

        app.Point.Answer = _ => Results.Content($"<html>{url}</html>", "text/html");
        await RegisterAsync();
        List($$"""[{"endpoint":"{{url}}","types":7}]""");
        await RegisterAsync();
        List($$"""[{"endpoint":"{{url}}","types":["ProvisioningFailed"]}]""");
        await RegisterAsync();
        Answer("POST", 500);
        app.Point.IsOldEdition = true;
        await RegisterAsync();
        (app.Point.IsOldEdition, app.Point.Answer) = (false, _ => null);
        await RegisterAsync();
    }
}

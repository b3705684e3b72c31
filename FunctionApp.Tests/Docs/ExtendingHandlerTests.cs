using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Docs;

/// <summary>The handler of docs/extending.md is <see cref="StartOnboarding"/>, and does what is said of it.</summary>
internal sealed class ExtendingHandlerTests
{
    [Test]
    public void The_document_shows_the_handler_and_its_registration_as_they_are_tested_here()
    {
        var blocks = new Document("docs/extending.md").Blocks("csharp");

        var handler = File.ReadAllText(Beside("StartOnboarding.cs"));
        Assert.That(blocks, Has.Count.EqualTo(3));
        Assert.That(handler, Does.EndWith(blocks[1]));
        Assert.That(
            File.ReadAllLines(Beside("ExtendingHandlerTests.cs")).Select(line => line.Trim()),
            Is.SupersetOf(blocks[2].Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public async Task It_waits_as_long_as_it_was_asked_to_and_says_what_it_has_done()
    {
        await using var onboarding = await Receiver.StartAsync();
        onboarding.Answer(429, "", ("Retry-After", "2")).Answer(201, "", ("Location", "https://onboarding.contoso.example/7"));
        await using var app = await TestApp.StartAsync(
            settings: new() { ["Retry:Schedule"] = "00:00:01,00:00:01" },
            configure: services => Register(
                services, new ConfigurationBuilder().AddInMemoryCollection([new("Onboarding:Url", onboarding.Url)]).Build()));

        await app.SendAsync("ProvisioningCompleted", "one");
        var completed = await app.EventInAsync("Completed", "one");

        Assert.That(
            onboarding.Requests.Select(request => (request.Method, request.Path)),
            Is.EqualTo(Enumerable.Repeat(("PUT", $"/onboardings/{completed.GetProperty("id").GetString()}"), 2)));
        var reported = completed.GetProperty("history").EnumerateArray().Single(entry => entry.TryGetProperty("link", out _));
        Assert.That(reported.GetProperty("detail").GetString(), Is.EqualTo("onboarding: Started the onboarding"));
        Assert.That(reported.GetProperty("link").GetString(), Is.EqualTo("https://onboarding.contoso.example/7"));
    }

    private static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpClient(nameof(StartOnboarding), http => http.BaseAddress = new Uri(configuration["Onboarding:Url"]!));
        services.AddEventHandler<StartOnboarding>("onboarding", new HandlerLimits(Concurrency: 2));
    }

    private static string Beside(string file, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Docs;

/// <summary>The handler of the README is <see cref="OpenTicket"/>, and does what the README says of it.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ReadmeHandlerTests
{
    [Test]
    public void The_README_shows_the_handler_and_its_registration_as_they_are_tested_here()
    {
        var blocks = new Document("README.md").Blocks("csharp");

        // As it stands in FunctionApp/Handlers.
        var handler = File.ReadAllText(Beside("OpenTicket.cs"))
            .Replace("using PointWebhooks.Handlers;\n", "", StringComparison.Ordinal)
            .Replace("namespace PointWebhooks.Tests.Docs;", "namespace PointWebhooks.Handlers;", StringComparison.Ordinal);
        Assert.That(blocks, Has.Count.EqualTo(2));
        Assert.That(blocks[0], Is.EqualTo(handler));
        Assert.That(
            File.ReadAllLines(Beside("ReadmeHandlerTests.cs")).Select(line => line.Trim()),
            Is.SupersetOf(blocks[1].Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public async Task It_opens_one_ticket_for_a_failed_provisioning_and_names_the_event()
    {
        await using var tickets = await TicketSystem.StartAsync();
        await using var app = await StartAsync(tickets);

        await app.SendAsync("ProvisioningFailed", "failed");
        await app.SendAsync("ProvisioningCompleted", "completed");
        await app.SendAsync("ProvisioningFailed", "failed");
        var handled = await app.EventInAsync("Completed", "failed");
        await app.EventInAsync("Completed", "completed");

        var (key, body) = tickets.Tickets.Single();
        Assert.That(key, Is.EqualTo(handled.GetProperty("id").GetString()));
        Assert.That(
            JsonElement.Parse(body).GetProperty("title").GetString(),
            Is.EqualTo($"{handled.GetProperty("workspaceName").GetString()} was not provisioned"));
    }

    [Test]
    public async Task A_ticket_that_is_refused_for_what_it_says_makes_the_event_dead_at_once()
    {
        await using var tickets = await TicketSystem.StartAsync(StatusCodes.Status422UnprocessableEntity);
        await using var app = await StartAsync(tickets);

        await app.SendAsync("ProvisioningFailed", "refused");
        var dead = await app.EventInAsync("Dead", "refused");

        Assert.That(tickets.Tickets, Has.Count.EqualTo(1));
        Assert.That(dead.GetProperty("lastError").GetString(), Is.EqualTo("OpenTicket: The ticket system answered 422."));
    }

    private static Task<TestApp> StartAsync(TicketSystem tickets) => TestApp.StartAsync(configure: services => Register(
        services, new ConfigurationBuilder().AddInMemoryCollection([new("Tickets:Url", tickets.Url)]).Build()));

    private static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpClient(nameof(OpenTicket), http => http.BaseAddress = new Uri(configuration["Tickets:Url"]!));
        services.AddEventHandler<OpenTicket>();
    }

    private static string Beside(string file, [CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, file);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Tests.Handlers.Support;
using PointWebhooks.Tests.PointApi;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Handlers.Teams;

/// <summary>A workflow that lets in only whom it knows. The managed identity is asked over HTTP, as App Service offers it.</summary>
[NonParallelizable]
internal sealed class TeamsIdentityTests
{
    private const string Identity = "77777777-2222-3333-4444-000000000000";

    [TestCase("ManagedIdentity", "Bearer the token of the workflow", "https://service.flow.microsoft.com/ " + Identity)]
    [TestCase("None", null)]
    [TestCase(null, null)]
    public async Task A_card_carries_a_token_of_the_apps_identity_where_the_settings_say_so(
        string? authentication, string? authorization, params string[] expected)
    {
        var asked = new List<string>();
        await using var identity = await IdentityEndpoint.StartAsync(query =>
        {
            asked.Add($"{query["resource"]} {query["client_id"]}");
            return "the token of the workflow";
        });
        await using var workflow = await Receiver.StartAsync();
        await using var handler = new HandlerUnderTest(
            "Teams",
            [("WebhookUrl", $"{workflow.Url}/workflows/x"), ("Authentication", authentication)],
            services => services.AddSingleton(ValidSettings.With(("AZURE_CLIENT_ID", Identity))));

        await handler.HandleAsync();
        await handler.HandleAsync();

        Assert.That(
            workflow.Requests.Select(request => request.Headers.GetValueOrDefault("Authorization")),
            Is.EqualTo([authorization, authorization]));
        Assert.That(asked, Is.EqualTo(expected), "once; then the token is remembered");
    }

    // 400, because the client asks again and again after a malformed 200.
    [Test]
    public async Task That_there_is_no_token_is_tried_again_and_what_was_answered_in_its_place_is_not_said()
    {
        const string Secret = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
        await using var identity = await IdentityEndpoint.AnsweringAsync(
            _ => Results.Text($$"""{"access_token":{{Secret}}}""", "application/json", statusCode: 400));
        await using var workflow = await Receiver.StartAsync();
        // Not the identity above, whose token is remembered.
        await using var handler = new HandlerUnderTest(
            "Teams",
            [("WebhookUrl", $"{workflow.Url}/workflows/x"), ("Authentication", "ManagedIdentity")],
            services => services.AddSingleton(ValidSettings.With(("AZURE_CLIENT_ID", "88888888-2222-3333-4444-000000000000"))));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Does.Contain("Microsoft Entra ID gave the app's identity no token: "));
        Assert.That(failure.ToString(), Does.Not.Contain(Secret));
        Assert.That(workflow.Requests, Is.Empty);
    }
}

using System.Reflection;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using PointWebhooks.PointApi;
using PointWebhooks.Settings;
using PointWebhooks.Signatures;
using PointWebhooks.Tests.Signatures;

namespace PointWebhooks.Tests.PointApi;

/// <summary>
/// Which credential the settings choose, and how it is named to an operator. The managed identity is asked over HTTP, as App
/// Service offers it; the app registration is not, since the client of Microsoft Entra ID insists on its own https addresses.
/// </summary>
[NonParallelizable]
internal sealed class PointCredentialTests
{
    private const string App = "11111111-2222-3333-4444-555555555555";
    private const string Tenant = "99999999-2222-3333-4444-555555555555";
    private const string Identity = "66666666-7777-8888-9999-000000000000";

    [Test]
    public void The_client_secret_of_the_app_registration() => AssertChosen<ClientSecretCredential>(
        new PointOptions { TenantId = Tenant, ClientId = App, ClientSecret = "s3cret" }, Identity, $"the app registration {App} with its client secret");

    [TestCase(null, $"the app registration {App} with the system-assigned managed identity as federated credential")]
    [TestCase(Identity, $"the app registration {App} with the managed identity {Identity} as federated credential")]
    public void A_managed_identity_as_federated_credential_of_the_app_registration(string? identity, string description) =>
        AssertChosen<ClientAssertionCredential>(new PointOptions { TenantId = Tenant, ClientId = App }, identity, description);

    [TestCase(null, "the system-assigned managed identity")]
    [TestCase(Identity, $"the managed identity {Identity}")]
    public void The_managed_identity_itself(string? identity, string description) =>
        AssertChosen<ManagedIdentityCredential>(new PointOptions(), identity, description);

    [Test]
    public async Task The_development_token_is_sent_as_it_is()
    {
        var credential = Choose(new PointOptions { DevelopmentToken = "t0ken", ClientId = App }, null);
        Assert.That(credential.Description, Is.EqualTo("the development token"));
        Assert.That((await credential.Token.GetTokenAsync(new TokenRequestContext(["x/.default"]), CancellationToken.None)).Token, Is.EqualTo("t0ken"));
    }

    [Test]
    public async Task A_managed_identity_is_asked_for_a_token_of_the_Syskit_Point_API_and_each_call_carries_it()
    {
        var asked = new List<string>();
        await using var identity = await IdentityEndpoint.StartAsync(query =>
        {
            asked.Add($"{query["resource"]} {query["client_id"]}");
            return "the token";
        });
        await using var app = await KeysUnderTest.StartAsync(new()
        {
            ["Point:DevelopmentToken"] = null,
            ["Point:ApiClientId"] = App,
            ["AZURE_CLIENT_ID"] = Identity,
        });
        app.Point.Token = "the token";
        Assert.That(await app.TextsAsync(), Is.EqualTo([app.Point.SignatureKey]));
        app.Time.Advance(KeyFetcher.Throttle);
        await app.RefreshAsync();
        Assert.That(app.Point.Calls, Is.EqualTo(2));
        Assert.That(asked, Is.EqualTo([$"{App} {Identity}"]), "once; then the token is remembered");
    }

    private static void AssertChosen<TCredential>(PointOptions options, string? identity, string description)
    {
        var credential = Choose(options, identity);
        Assert.That(credential.Token, Is.TypeOf<TCredential>());
        // The libraries show neither; exchanged, no token would ever be had.
        if (options.ClientId is not null)
            Assert.That((Of("TenantId"), Of("ClientId")), Is.EqualTo(((object)Tenant, (object)App)));
        Assert.That(credential.Description, Is.EqualTo(description));

        object? Of(string property) =>
            typeof(TCredential).GetProperty(property, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(credential.Token);
    }

    private static PointCredential Choose(PointOptions options, string? identity) => new(
        Options.Create(options),
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AZURE_CLIENT_ID"] = identity }).Build());
}

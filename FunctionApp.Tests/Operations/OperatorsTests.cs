using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using PointWebhooks.Operations;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Operations;

/// <summary>Whom the app takes an operator for, by the headers that App Service authentication sets.</summary>
internal sealed class OperatorsTests
{
    [TestCase("true", true, true)]
    [TestCase("True", true, true)]
    [TestCase("false", true, false)]
    [TestCase(null, true, false)]
    [TestCase("true", false, false)]
    public void Who_signs_in_needs_both_the_platform_and_the_setting(string? isAuthenticating, bool isAllowed, bool maySignIn) =>
        Assert.That(Operators(isAuthenticating, isAllowed).MaySignIn, Is.EqualTo(maySignIn));

    [TestCase("true", "aad", "ada", true)]
    [TestCase("true", "github", "ada", false)]
    [TestCase("true", "", "ada", false)]
    [TestCase("true", "aad", "", false)]
    [TestCase(null, "aad", "ada", false)]
    public void Somebody_is_signed_in_whom_Entra_ID_knows(string? isAuthenticating, string provider, string name, bool isSignedIn) =>
        Assert.That(Operators(isAuthenticating, true).IsSignedIn(Request(provider, name)), Is.EqualTo(isSignedIn));

    [TestCase("true", 3, 3)]
    [TestCase("true", 100, 100)]
    [TestCase("true", 101, 100)]
    [TestCase("true", 0, null)]
    [TestCase("false", 3, null)]
    public void A_name_is_known_where_the_platform_sets_it_and_cut(string isAuthenticating, int length, int? known) =>
        Assert.That(Operators(isAuthenticating, false).NameOf(Request("aad", new string('a', length)))?.Length, Is.EqualTo(known));

    private static Operators Operators(string? isAuthenticating, bool isAllowed) => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_AUTH_ENABLED", isAuthenticating)]).Build(),
        Options.Create(new OperationsOptions { SignIn = isAllowed }));

    private static HttpRequest Request(string provider, string name)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["X-MS-CLIENT-PRINCIPAL-IDP"] = provider;
        request.Headers["X-MS-CLIENT-PRINCIPAL-NAME"] = name;
        return request;
    }
}

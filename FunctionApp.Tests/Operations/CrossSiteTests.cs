using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using PointWebhooks.Operations;
using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Operations;

/// <summary>Whose request changes something: this app's own page, also behind a proxy that has another name, and programs.</summary>
internal sealed class CrossSiteTests
{
    private const string Inner = "10.0.0.4:8080";

    [TestCase("same-origin", false)]
    [TestCase("none", false)]
    [TestCase("same-site", true)]
    [TestCase("cross-site", true)]
    [TestCase("", true)]
    [TestCase("SAME-ORIGIN", true)]
    public void A_browser_says_so(string site, bool isCrossSite) => Assert.That(IsCrossSite(("Sec-Fetch-Site", site)), Is.EqualTo(isCrossSite));

    [TestCase("same-origin", "https://evil.example", false, TestName = "What a browser says of the site counts, not the origin")]
    [TestCase("cross-site", "https://contoso.example", true, TestName = "An own origin does not undo what a browser says of the site")]
    public void Both(string site, string origin, bool isCrossSite) =>
        Assert.That(IsCrossSite(("Sec-Fetch-Site", site), ("Origin", origin)), Is.EqualTo(isCrossSite));

    [TestCase("https://contoso.example", false, TestName = "The origin is the public name, behind a proxy")]
    [TestCase("http://10.0.0.4:8080", false, TestName = "The origin is the name that the request came by")]
    [TestCase("https://contoso.example:8443", true)]
    [TestCase("https://contoso.example.evil.example", true)]
    [TestCase("https://evil.example", true)]
    [TestCase("http://10.0.0.4", true)]
    [TestCase("null", true)]
    [TestCase("", true)]
    [TestCase("contoso.example", true)]
    public void An_older_browser_names_its_origin(string origin, bool isCrossSite) => Assert.That(IsCrossSite(("Origin", origin)), Is.EqualTo(isCrossSite));

    [Test]
    public void A_program_says_nothing() => Assert.That(IsCrossSite(), Is.False);

    private static bool IsCrossSite(params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(Inner);
        foreach (var (name, value) in headers)
            request.Headers[name] = value;
        var options = new PointOptions { EndpointUrl = "https://contoso.example/api/webhooks/point?code=secret" };
        return new CrossSiteRequests(Options.Create(options)).Is(request);
    }
}

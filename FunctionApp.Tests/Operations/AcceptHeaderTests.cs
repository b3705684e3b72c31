using Microsoft.AspNetCore.Http;
using PointWebhooks.Operations;

namespace PointWebhooks.Tests.Operations;

internal sealed class AcceptHeaderTests
{
    [TestCase("", false)]
    [TestCase("*/*", false)]
    [TestCase("application/json", false)]
    [TestCase("text/html", true)]
    [TestCase("text/*", true)]
    [TestCase("TEXT/HTML", true)]
    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true, TestName = "A browser's")]
    [TestCase("application/json, text/html;q=0.1", false)]
    [TestCase("text/html;q=0, application/json", false)]
    [TestCase("text/html;q=0", false)]
    [TestCase("text/html, */*;q=0.1", true)]
    [TestCase("application/json;q=0.5, text/html;q=0.5", false)]
    [TestCase("*/*, application/json;q=0.1", true)]
    [TestCase("*/*;q=0.1, text/*;q=0.9", true)]
    [TestCase("text/*;q=0.1, text/html;q=0.9", true)]
    [TestCase("*/*;q=0.1, text/html;q=0.9", true)]
    [TestCase("not a type", false)]
    public void The_weights_decide_between_a_page_and_JSON(string accept, bool isPage)
    {
        var request = new DefaultHttpContext().Request;
        if (accept.Length > 0)
            request.Headers.Accept = accept;

        Assert.That(AcceptHeader.PrefersHtml(request), Is.EqualTo(isPage));
    }
}

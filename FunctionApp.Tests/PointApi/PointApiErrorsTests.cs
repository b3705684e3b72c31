using System.Net;
using PointWebhooks.PointApi;

namespace PointWebhooks.Tests.PointApi;

/// <summary>What an operator reads of a status that Syskit Point answers.</summary>
internal sealed class PointApiErrorsTests
{
    [TestCase(HttpStatusCode.NotFound, ". Check that Point:BaseUrl is the address of the Syskit Point web app.")]
    [TestCase(HttpStatusCode.TooManyRequests, ": too many calls. The next run tries again.")]
    [TestCase(HttpStatusCode.InternalServerError, ".")]
    public void It_is_named_with_the_call_and_with_what_to_do_about_it(HttpStatusCode status, string advice)
    {
        var error = PointApiErrors.For(HttpMethod.Delete, "v1.0/webhooks/endpoints", status, "the development token");

        Assert.That(error.Message, Is.EqualTo($"Syskit Point answered DELETE /v1.0/webhooks/endpoints with {(int)status}{advice}"));
        Assert.That(error.Status, Is.EqualTo(status));
    }
}

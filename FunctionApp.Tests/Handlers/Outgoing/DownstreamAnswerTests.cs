using System.Net;
using PointWebhooks.Handlers.Outgoing;

namespace PointWebhooks.Tests.Handlers.Outgoing;

/// <summary>What is quoted of what a system says.</summary>
internal sealed class DownstreamAnswerTests
{
    private const string Secret = "s3cret-of-the-app";

    [TestCase(200, false)]
    [TestCase(201, true)]
    public void No_more_than_200_characters_are_quoted(int length, bool isCut)
    {
        var quoted = Quote(new string('x', length));

        Assert.That(quoted, Has.Length.EqualTo(200));
        Assert.That(quoted.EndsWith('…'), Is.EqualTo(isCut));
    }

    [Test]
    public void A_secret_is_taken_out_also_where_the_quote_is_cut_within_it()
    {
        for (var before = 200 - Secret.Length; before < 200; before++)
            Assert.That(Quote(new string('x', before) + Secret), Does.Not.Contain("s"), $"{before} before it");
    }

    private static string Quote(string words) =>
        new DownstreamAnswer("Jira", "GET to contoso.example", HttpStatusCode.BadRequest, null, "", null, [null, "", Secret]).Quote(words);
}

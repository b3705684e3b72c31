using Microsoft.Extensions.Time.Testing;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Tests.Handlers.Support;

namespace PointWebhooks.Tests.Handlers.Outgoing;

/// <summary>How long a token is used that says when it ends.</summary>
internal sealed class AccessTokenTests
{
    [TestCase(3600, 3540)]
    [TestCase(121, 61)]
    [TestCase(120, 60)]
    [TestCase(1, 60)]
    public async Task It_is_used_until_a_minute_before_its_end_and_for_a_minute_at_least(int lifetime, int used)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var handler = new HandlerUnderTest("Http", [("Url", receiver.Url)]);
        foreach (var name in new[] { "first", "second" })
            receiver.Answer(200, $$"""{"access_token":"{{name}}","expires_in":{{lifetime}}}""");
        var time = new FakeTimeProvider();
        var downstream = Downstream.Of(handler.Get<IServiceProvider>(), handler.Configured.Name, "The receiver");
        var token = new AccessToken(() => new HttpRequestMessage(HttpMethod.Post, receiver.Url));
        var seen = new List<string> { await GetAsync() };

        time.Advance(TimeSpan.FromSeconds(used - 1));
        seen.Add(await GetAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        seen.Add(await GetAsync());

        Assert.That(seen, Is.EqualTo(["first", "first", "second"]));

        Task<string> GetAsync() => token.GetAsync(downstream, time, CancellationToken.None);
    }
}

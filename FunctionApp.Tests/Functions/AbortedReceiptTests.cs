using Microsoft.AspNetCore.Http;
using PointWebhooks.Functions;
using PointWebhooks.Receiving;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Receiving;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Functions;

/// <summary>The function that receives hands on that its sender has gone.</summary>
internal sealed class AbortedReceiptTests : SimulatedAppTests
{
    [Test]
    public void A_sender_that_has_gone_is_not_waited_for()
    {
        using var aborted = new CancellationTokenSource();
        var context = new DefaultHttpContext { RequestAborted = aborted.Token };
        context.Request.Method = HttpMethods.Post;
        context.Request.Headers["Signature"] = Convert.ToBase64String(new byte[32]);
        context.Request.Body = new TricklingBody(1, TimeSpan.FromDays(1), App.Time);
        var begun = Account.Now;

        var receiving = App.Begin(() => new ReceiveWebhook(App.Get<WebhookReceiver>(), App.Get<EndpointMark>()).RunAsync(context.Request));
        App.Cancel(aborted);

        App.End(receiving);
        Assert.That(Account.Now, Is.EqualTo(begun), "else for the thirty seconds that a body may take");
        Assert.That(App.LogOf(3).Single().Text, Does.Contain(Refusal.BodyIncomplete.Reason));
    }
}

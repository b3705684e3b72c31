using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using CloudNative.CloudEvents.SystemTextJson;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.Handlers;
using PointWebhooks.Handlers.EventGrid;
using PointWebhooks.Tests.Handlers.Support;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Handlers.EventGrid;

/// <summary>What Event Grid's own client sends, by HTTP, to a server of this machine in Event Grid's place.</summary>
internal sealed class EventGridHandlerTests
{
    private const string Endpoint = "https://contoso.westeurope-1.eventgrid.azure.net/api/events";

    private Receiver topic = null!;
    private ToReceiver redirected = null!;

    [SetUp]
    public async Task StartAsync()
    {
        topic = await Receiver.StartAsync();
        redirected = new ToReceiver(topic.Url);
    }

    [TearDown]
    public async Task StopAsync()
    {
        redirected.Dispose();
        await topic.DisposeAsync();
    }

    [Test]
    public async Task An_event_is_published_as_a_CloudEvent_with_a_token_of_the_app()
    {
        await using var handler = Handler();
        topic.Answer(200);
        var context = await handler.HandleAsync("ProvisioningFailed");

        var request = topic.Requests.Single();
        Assert.That((request.Method, request.Path.Split('?')[0]), Is.EqualTo(("POST", "/api/events")));
        Assert.That(request.Headers["Authorization"], Is.EqualTo("Bearer token for https://eventgrid.azure.net/.default"));
        var published = new JsonEventFormatter()
            .DecodeBatchModeMessage(request.Body, new System.Net.Mime.ContentType(request.Headers["Content-Type"]), null).Single();
        Assert.That(published.IsValid);
        Assert.That((published.Id, published.Type, published.Subject), Is.EqualTo((context.EventId, "com.syskit.point.provisioning.failed", "Project Phoenix")));
        Assert.That(context.Effect!.Text, Is.EqualTo("Published to contoso.westeurope-1.eventgrid.azure.net"));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(413)]
    public async Task What_will_not_heal_by_itself_is_permanent(int status)
    {
        await using var handler = Handler();
        topic.Answer(status, """{"error":{"code":"Unauthorized","message":"s3cret"}}""", ("Content-Type", "application/json"));

        var failure = Assert.ThrowsAsync<PermanentFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Is.EqualTo($"Event Grid answered with {status} (Unauthorized)."));
        Assert.That(topic.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(429)]
    [TestCase(503)]
    public async Task What_may_heal_is_left_to_the_next_attempt(int status)
    {
        await using var handler = Handler();
        topic.Answer(status, "", ("Retry-After", "30"));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(topic.Requests, Has.Count.EqualTo(1), "nor does the client repeat it");
    }

    [Test]
    public async Task The_pause_may_be_asked_for_as_a_time()
    {
        await using var handler = Handler();
        topic.Answer(429, "", ("Retry-After", (DateTimeOffset.UtcNow + TimeSpan.FromHours(1)).ToString("R")));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.RetryAfter, Is.InRange(TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)));
    }

    [Test]
    public async Task That_there_is_no_token_is_left_to_the_next_attempt()
    {
        await using var handler = Handler(DelegatedTokenCredential.Create(
            (_, _) => throw new AuthenticationFailedException("no identity"),
            (_, _) => throw new AuthenticationFailedException("no identity")));

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Is.EqualTo("Microsoft Entra ID gave the app's identity no token: no identity"));
        Assert.That(topic.Requests, Is.Empty);
    }

    [Test]
    public async Task After_a_lost_answer_the_same_id_is_published_again()
    {
        await using var handler = Handler();
        topic.LoseAnswer().Answer(200);

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());
        await handler.HandleAsync();

        Assert.That(failure!.Message, Does.StartWith("Event Grid did not answer: "));
        Assert.That(topic.Requests.Select(request => IdIn(request)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(topic.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Whoever_stops_the_handler_stops_the_publishing()
    {
        await using var handler = Handler();
        topic.Answer(200);

        Assert.That(
            () => handler.HandleAsync(cancellationToken: new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(topic.Requests, Is.Empty);
    }

    [Test]
    public async Task A_time_limit_of_the_clients_own_is_said_to_be_no_answer()
    {
        await using var handler = Handler();
        redirected.Client.Timeout = TimeSpan.FromMilliseconds(100);
        topic.NeverAnswer();

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Does.StartWith("Event Grid did not answer: "));
    }

    [Test]
    public async Task An_answer_that_breaks_off_is_none()
    {
        await using var handler = Handler();
        topic.BreakOff();

        var failure = Assert.ThrowsAsync<TransientFailureException>(() => handler.HandleAsync());

        Assert.That(failure!.Message, Does.StartWith("Event Grid did not answer: "));
    }

    [TestCase("", "Handlers:EventGrid:a:Endpoint is missing.")]
    [TestCase("https://contoso.example/api/events", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://contoso.westeurope-1.eventgrid.azure.net", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://contoso.westeurope-1.eventgrid.azure.net/topics/a:publish", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://contoso.westeurope-1.eventgrid.azure.net/api/events?x=1", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://x.eventgrid.azure.net.evil.example/api/events", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://evil-eventgrid.azure.net/api/events", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("https://contoso.eventgrid.azure.evil/api/events", "Handlers:EventGrid:a:Endpoint is not the endpoint of a topic.")]
    [TestCase("http://contoso.westeurope-1.eventgrid.azure.net/api/events", "Handlers:EventGrid:a:Endpoint is not an absolute https url.")]
    public void An_endpoint_that_is_none_is_an_error(string endpoint, string expected) =>
        Assert.That(FailuresOf(("Handlers:EventGrid:a:Endpoint", endpoint)), Has.One.StartsWith(expected));

    [TestCase("https://CONTOSO.westeurope-1.EventGrid.azure.net/api/events")]
    [TestCase("https://contoso.usgovvirginia-1.eventgrid.azure.us/api/events")]
    [TestCase("https://contoso.chinanorth3-1.eventgrid.azure.cn/api/events")]
    public void A_topic_of_each_cloud_is_taken(string endpoint) =>
        Assert.That(FailuresOf(("Handlers:EventGrid:a:Endpoint", endpoint)), Is.Empty);

    private static string IdIn(ReceivedRequest request) =>
        System.Text.Json.JsonElement.Parse(request.Text)[0].GetProperty("id").GetString()!;

    private HandlerUnderTest Handler(TokenCredential? credential = null) => new(
        "EventGrid",
        [("Endpoint", Endpoint)],
        services => services.AddKeyedSingleton("eventgrid-test", (_, _) => EventGridOptions.Client(
            new Uri(Endpoint), credential ?? new SampleCredential(), new HttpClientTransport(redirected.Client))));

    private sealed class SampleCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new($"token for {requestContext.Scopes[0]}", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    // The client gives its token to https only: what it sends is led to the receiver behind it.
    private sealed class ToReceiver : IDisposable
    {
        public ToReceiver(string url) => Client = new HttpClient(new Leading(url));

        public HttpClient Client { get; }

        public void Dispose() => Client.Dispose();

        private sealed class Leading(string url) : DelegatingHandler(new SocketsHttpHandler())
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                request.RequestUri = new Uri(new Uri(url), request.RequestUri!.PathAndQuery);
                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}

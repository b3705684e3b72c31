using System.Net;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Telemetry;
using PointWebhooks.Tests.PointApi;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Where telemetry goes, and what never goes there.</summary>
[NonParallelizable]
internal sealed class ExporterTests
{
    private const string Unreachable =
        "InstrumentationKey=00000000-0000-4000-8000-000000000001;IngestionEndpoint=http://127.0.0.1:9/;LiveEndpoint=http://127.0.0.1:9/";

    private const string Identity = "5b3a3f52-0000-4000-8000-000000000001";
    private const string Another = "5b3a3f52-0000-4000-8000-000000000002";

    [Test]
    public async Task With_an_OTLP_endpoint_traces_metrics_and_logs_are_sent_there()
    {
        var sent = (await Story.ToldAsync()).Sent;
        Assert.That(sent.Keys, Is.EquivalentTo(["/v1/traces", "/v1/metrics", "/v1/logs"]));
        Assert.That(sent["/v1/traces"], Does.Contain("receive webhook").And.Contain("process event").And.Contain("handle event"));
        Assert.That(sent["/v1/metrics"], Does.Contain("point.events.received").And.Contain("point.events.time_to_completion"));
        Assert.That(sent["/v1/logs"], Does.Contain("Accepted event ").And.Contain("IdempotencyKey"));
    }

    [Test]
    public async Task No_secret_is_sent()
    {
        var story = await Story.ToldAsync();
        foreach (var (path, sent) in story.Sent)
        {
            foreach (var secret in story.Secrets)
                Assert.That(sent, Does.Not.Contain(secret), path);
        }

        Assert.That(story.Sent["/v1/traces"], Does.Not.Contain(Story.HandlerCanary), "what an exception says is for the log alone");
    }

    [Test]
    public async Task With_a_connection_string_traces_metrics_and_logs_are_sent_to_Application_Insights()
    {
        var sent = await SentToApplicationInsightsAsync([]);
        Assert.That(sent, Does.Contain("receive webhook").And.Contain("process event").And.Contain("handle event"));
        Assert.That(sent, Does.Contain("point.events.received"));
        Assert.That(sent, Does.Contain("Accepted event ").And.Contain("Completed event "));
        Assert.That(sent, Does.Contain("\"IdempotencyKey\":\"one\""), "the scope of an entry goes with it");
    }

    [Test]
    public async Task Traces_can_be_sampled_and_the_log_is_kept_all_the_same()
    {
        var sent = await SentToApplicationInsightsAsync(
            new() { ["OTEL_TRACES_SAMPLER"] = "microsoft.fixed_percentage", ["OTEL_TRACES_SAMPLER_ARG"] = "0" });
        Assert.That(sent, Does.Not.Contain("receive webhook").And.Not.Contain("process event"));
        Assert.That(sent, Does.Contain("Accepted event ").And.Contain("Completed event "));
    }

    [TestCase(null, null, false)]
    [TestCase(Identity, null, true)]
    [TestCase(null, "Authorization=AAD;ClientId=" + Identity, true)]
    [TestCase(null, "Authorization=AAD", true)]
    [TestCase(null, "Authorization=Key", false)]
    public void A_client_id_or_an_authentication_string_makes_the_managed_identity_sign_in(
        string? clientId, string? authentication, bool signsIn)
    {
        var configuration = Configuration(new()
        {
            ["AZURE_CLIENT_ID"] = clientId,
            ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = authentication,
        });
        Assert.That(MonitorCredential.From(configuration), signsIn ? Is.TypeOf<ManagedIdentityCredential>() : Is.Null);
    }

    [TestCase(Identity, null, Identity)]
    [TestCase(Identity, "Authorization=Key;ClientId=" + Another, Identity)]
    [TestCase(Identity, "Authorization=AAD;ClientId=" + Another, Another)]
    [TestCase(null, "Authorization=AAD;ClientId=" + Another, Another)]
    [TestCase(Identity, "Authorization=AAD", "", Description = "the system-assigned one")]
    public async Task The_identity_of_the_authentication_string_comes_before_that_of_the_app(
        string? clientId, string? authentication, string expected)
    {
        var asked = new List<string>();
        await using var identity = await IdentityEndpoint.StartAsync(query =>
        {
            asked.Add($"{query["resource"]} {query["client_id"]}");
            return "the token";
        });
        var credential = MonitorCredential.From(Configuration(new()
        {
            ["AZURE_CLIENT_ID"] = clientId,
            ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = authentication,
        }));
        // Of its own: the token of another case is remembered.
        var resource = $"https://{Guid.NewGuid()}.example";

        var token = await credential!.GetTokenAsync(new TokenRequestContext([$"{resource}/.default"]), CancellationToken.None);

        Assert.That(token.Token, Is.EqualTo("the token"));
        Assert.That(asked, Is.EqualTo([$"{resource} {expected}"]));
    }

    [TestCase("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=…", true)]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317", true)]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "", false)]
    [TestCase("OTEL_SERVICE_NAME", "point", false)]
    public void Telemetry_goes_somewhere_with_a_connection_string_or_an_OTLP_endpoint(string setting, string value, bool goes) =>
        Assert.That(PointTelemetry.IsExported(Configuration(new() { [setting] = value })), Is.EqualTo(goes));

    [Test]
    public void Application_Insights_gets_every_trace_every_log_entry_and_no_performance_counters()
    {
        var exporter = ExporterOptions(Configuration(new() { ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Unreachable }));

        Assert.That((exporter.TracesPerSecond, exporter.SamplingRatio), Is.EqualTo(((double?)null, 1f)));
        Assert.That((exporter.EnableTraceBasedLogsSampler, exporter.EnablePerformanceCounters), Is.EqualTo((false, false)));
    }

    [TestCase("microsoft.fixed_percentage", "0.25")]
    [TestCase("microsoft.rate_limited", "3")]
    public void A_sampler_that_is_set_is_the_exporters_own_affair(string sampler, string argument)
    {
        var configuration = Configuration(new()
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = Unreachable,
            ["OTEL_TRACES_SAMPLER"] = sampler,
            ["OTEL_TRACES_SAMPLER_ARG"] = argument,
        });

        var exporter = ExporterOptions(configuration);

        var untouched = ExporterOptions(configuration, services => services.AddOpenTelemetry().UseAzureMonitorExporter());
        Assert.That(
            (exporter.TracesPerSecond, exporter.SamplingRatio),
            Is.EqualTo((untouched.TracesPerSecond, untouched.SamplingRatio)).And.Not.EqualTo(((double?)null, 1f)));
        Assert.That((exporter.EnableTraceBasedLogsSampler, exporter.EnablePerformanceCounters), Is.EqualTo((false, false)));
    }

    private static AzureMonitorExporterOptions ExporterOptions(IConfiguration configuration, Action<IServiceCollection>? add = null)
    {
        var collection = new ServiceCollection().AddSingleton(configuration);
        (add ?? (services => services.AddPointTelemetry(configuration)))(collection);
        using var services = collection.BuildServiceProvider();
        return services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;
    }

    private static async Task<string> SentToApplicationInsightsAsync(Dictionary<string, string?> settings)
    {
        await using var sink = await TelemetrySink.StartAsync();
        settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] =
            $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={sink.Url}/;LiveEndpoint={sink.Url}/";
        settings["Logging:LogLevel:Default"] = "Warning";
        await using (var app = await TestApp.StartAsync(settings: settings))
        {
            Assert.That(await app.SendAsync("ProvisioningCompleted", "one"), Is.EqualTo(HttpStatusCode.Accepted));
            await app.EventInAsync("Completed", "one");
        }

        return sink.Received("/v2.1/track");
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}

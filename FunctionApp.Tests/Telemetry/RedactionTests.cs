using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

/// <summary>Secrets planted everywhere, everything done that the app does, and all that came out of it searched.</summary>
[NonParallelizable]
internal sealed class RedactionTests
{
    private const string Endpoint = "https://contoso-webhooks.azurewebsites.net/api/webhooks/point";

    [Test]
    public async Task No_secret_leaves_the_app_whatever_happens()
    {
        using var outflow = new Outflow();
        using var http = new HttpClient(outflow, disposeHandler: false);
        var planted = new List<Canaries>();
        // Most of the time is waiting: all at once, each with secrets of its own.
        await Task.WhenAll(
        [
            TellAsync(secrets => secrets.ReceiveProcessAndRegisterAsync()),
            TellAsync(secrets => secrets.WaitForTheKeyAsync()),
            TellAsync(secrets => secrets.ReadWhatIsMalformedAsync()),
            TellAsync(secrets => secrets.CallEverySystemAsync()),
            TellAsync(secrets => secrets.TellOthersAsync()),
            TellAsync(secrets => secrets.GoWithoutStorageAsync()),
            TellAsync(secrets => secrets.TakeTheKeyFromTheSettingsAsync()),
            new PlantedSettings(outflow, NewCanaries()).RunAsync(),
        ]);
        // It changes the environment of all.
        var tokens = new Canaries(seed: planted.Count);
        await Story(NewCanaries()).AskForTokensInVainAsync(tokens);

        TestContext.Out.WriteLine(
            $"Searched for {planted.Sum(one => one.Count)} secrets: {outflow.Lines.Count} log lines, {outflow.Spans.Count} spans, " +
            $"{outflow.Measurements.Count} measurements, {outflow.ClientEvents.Count} events of the Azure clients, " +
            $"{outflow.Answers.Count} answers; of this app itself {Own(outflow.Lines)} lines, {Own(outflow.Spans)} spans, " +
            $"{Own(outflow.Measurements)} measurements.");
        AssertSeen(outflow);
        // Azure.Identity quotes malformed answers in spans and events of its own, which go nowhere.
        var leaks = planted.SelectMany(canaries => canaries.FoundIn(outflow.All))
            .Concat(tokens.FoundIn(outflow.Exported))
            .Where(found => !MayBeSeen(found))
            .Select(found => found[..Math.Min(found.Length, 500)])
            .ToList();
        Assert.That(leaks.Count, Is.Zero, string.Join("\n\n", leaks));

        Canaries NewCanaries()
        {
            planted.Add(new Canaries(seed: planted.Count));
            return planted[^1];
        }

        SecretStory Story(Canaries canaries) => new(new PlantedRequests(http, canaries), outflow, canaries);

        Task TellAsync(Func<SecretStory, Task> tell) => tell(Story(NewCanaries()));
    }

    // .NET puts the path of an outgoing call into its span: the app exports none of those, as TraceTests sees. A workspace's name is
    // what operators look for.
    private static bool MayBeSeen(string found) =>
        IsOf(found, SecretStory.PathSecret, "System.Net.Http ") || IsOf(found, PlantedRequests.WorkspaceName, "StatusCode: 200");

    private static bool IsOf(string found, string secret, string place) =>
        found.StartsWith(secret, StringComparison.Ordinal) && found.Contains($" in: {place}", StringComparison.Ordinal);

    // Far below what a run gives; nothing found in nothing would prove nothing.
    private static void AssertSeen(Outflow outflow)
    {
        Assert.That(outflow.Lines, Has.Count.GreaterThan(1000).And.Some.StartsWith("Trace "));
        Assert.That(outflow.Lines, Has.Some.Contains("System.Net.Http.HttpRequestException").And.Some.Contains("IdempotencyKey=failing"));
        Assert.That(outflow.Lines, Has.Some.Contains(" answered POST to 127.0.0.1 with ").And.Some.Contains("Handler teams-gone failed"));
        Assert.That(outflow.Spans, Has.Count.GreaterThan(1000).And.Some.Contains("point.event.idempotency_key=dying"));
        Assert.That(outflow.Measurements, Has.Count.GreaterThan(2000).And.Some.Contains("reason=signature-malformed"));
        Assert.That(outflow.ClientEvents, Has.Count.GreaterThan(1000).And.Some.Contains("Authorization:REDACTED"));
        Assert.That(outflow.Answers, Has.Count.GreaterThan(60).And.Some.Contains("storage-unavailable"));
        string[] systems = ["jira-account: Jira", "servicenow-oauth: ServiceNow", "http-others: The receiver", "teams-team: The workflow"];
        foreach (var system in systems)
            Assert.That(outflow.Answers, Has.Some.Contains($"{system} answered"));
        Assert.That(outflow.Answers, Has.Some.Contains("Point webhooks</title>").And.Some.Contains("\"signatureKey\""));
        Assert.That((Own(outflow.Lines) > 60, Own(outflow.Spans) > 40, Own(outflow.Measurements) > 40), Is.EqualTo((true, true, true)));
    }

    private static int Own(IEnumerable<string> texts) => texts.Count(text => text.Contains("PointWebhooks", StringComparison.Ordinal));

    [TestCase(Endpoint, Endpoint)]
    [TestCase(Endpoint + "?code=s3cret", Endpoint)]
    [TestCase("https://user:s3cret@contoso-webhooks.azurewebsites.net/api/webhooks/point#s3cret", Endpoint)]
    [TestCase("http://127.0.0.1:7071/api/webhooks/point?", "http://127.0.0.1:7071/api/webhooks/point")]
    [TestCase("s3cret", "")]
    [TestCase(null, "")]
    public void A_url_is_shown_without_what_may_be_a_secret_in_it(string? url, string shown) =>
        Assert.That(Redaction.Url(url), Is.EqualTo(shown));
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PointWebhooks.Handlers.Outgoing;
using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Operations.Pages;
using PointWebhooks.Registration;
using PointWebhooks.Signatures;

namespace PointWebhooks.Tests.Operations.Pages;

/// <summary>What the status page says where something is wrong, which <see cref="ApprovedPagesTests"/> have no installation for.</summary>
internal sealed class StatusTemplateTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly StatusReport Well = new(
        Now,
        "1.4.0",
        new RegistrationResult(Now.AddMinutes(-3), RegistrationResult.InPlace, "https://contoso.example", null, true, null),
        new SignatureKeyStatus(SignatureKeyStatus.Options, Now.AddMinutes(-5), null, null, null),
        [],
        new EventCounts(0, null, 0, null, [], [], new DayCounts([new HourCounts(Now, 0, 0, 0)], null), []),
        new QuarantineCounts(0, 0),
        new StorageLatency(3, 5),
        new InstanceStatus("instance", Now.AddHours(-1), null, [], [new HandlerHealth("well-it", 2, 0, "closed")]),
        [],
        [new HandlerState("well-it", false, null, null, true) { Waiting = 0 }]);

    private static IEnumerable<TestCaseData> Troubles =>
    [
        Trouble(
            "A registration that failed",
            Well with { Registration = Well.Registration! with { Result = RegistrationResult.Failed, Error = "Answered <403>." } },
            "<b class=\"bad\">failed</b>",
            "<p class=\"bad\">Answered &lt;403&gt;.</p>"),
        Trouble(
            "A key from the settings",
            Well with { SignatureKey = new SignatureKeyStatus(SignatureKeyStatus.Setting, null, null, null, null) },
            "<b>from the settings</b><p>It follows no change at Syskit Point.</p>"),
        Trouble(
            "A key that could not be fetched",
            Well with { SignatureKey = new SignatureKeyStatus(SignatureKeyStatus.Options, null, null, Now.AddMinutes(-2), "answered 401") },
            "<b class=\"bad\">not known</b><p>This instance has not fetched it yet.</p>",
            $"<p class=\"bad\">Fetching failed {Ago("11:58:00", "2 min 0 s")}: answered 401</p>"),
        Trouble(
            "A key that could not be fetched again",
            Well with { SignatureKey = Well.SignatureKey with { FailedAt = Now.AddMinutes(-1), Failure = "answered 503" } },
            $"<p class=\"bad\">Fetching failed {Ago("11:59:00", "1 min 0 s")}: answered 503</p>"),
        Trouble(
            "Requests that are kept unverified",
            Well with { Quarantine = new QuarantineCounts(3, 2) },
            "<p>Requests that wait for the key: 3</p>",
            "<p class=\"bad\">Kept requests that no key verifies: 2</p>"),
        Trouble(
            "Handlers that are not called",
            Well with
            {
                Instance = Well.Instance with
                {
                    Handlers = [new("open-it", 9, 1, "open"), new("held-it", 1, 0, "held"), new("trying-it", 1, 0, "trying")],
                },
            },
            "<td role=\"cell\" class=\"number bad\" data-label=\"Failed\">1</td>",
            "<span class=\"bad\">no: most of its last calls failed</span>",
            "<span class=\"bad\">no: its system asked to be left alone</span>",
            "one call, to try"),
        Trouble(
            "Requests that were refused",
            Well with
            {
                Instance = Well.Instance with
                {
                    Refused = [new RefusedRequests("signature-mismatch", 401, 7, Now.AddMinutes(-1), "Compare the keys.")],
                },
            },
            "<table class=\"stacked\" id=\"refused\"",
            "class=\"short\">signature-mismatch</th><td role=\"cell\" class=\"number\" data-label=\"Requests\">7</td>",
            $"data-label=\"Last\">{Ago("11:59:00", "1 min 0 s")}</td>",
            "<span>Compare the keys.</span>"),
        Trouble(
            "A handler that was taken out of the settings while it was paused",
            Well with { Handlers = [new HandlerState("gone-it", true, Now.AddHours(-1), "<i>ada", false)] },
            $"<span class=\"bad\">paused</span> {Ago("11:00:00", "1 h 0 min")}",
            ", by <bdi>&lt;i&gt;ada</bdi>. It is not in the settings any more: resumed, its events go on without it",
            "data-label=\"Events that wait\">unknown</td>",
            "action=\"handlers/gone-it/resume?\""),
        Trouble(
            "More events than are counted",
            Well with { Events = Well.Events! with { LastDay = Well.Events.LastDay with { ExactSince = Now.AddHours(-2) } } },
            "Before <time datetime=\"2026-05-01T10:00:00.000Z\">2026-05-01 10:00:00</time> it may be more."),
    ];

    [TestCaseSource(nameof(Troubles))]
    public async Task It_says_so_and_nothing_of_it_where_all_is_well(StatusReport report, string[] said)
    {
        var (trouble, well) = (await ReadAsync(report), await ReadAsync(Well));

        Assert.That(said.Where(text => !trouble.Contains(text, StringComparison.Ordinal)), Is.Empty, trouble);
        Assert.That(said.Where(text => well.Contains(text, StringComparison.Ordinal)), Is.Empty);
    }

    private static async Task<string> ReadAsync(StatusReport report) =>
        ((ContentHttpResult)await StatusPage.ToResultAsync(report, new DefaultHttpContext().Request)).ResponseContent!;

    private static string Ago(string time, string age) =>
        $"<time datetime=\"2026-05-01T{time}.000Z\" title=\"2026-05-01 {time} UTC\">{age} ago</time>";

    private static TestCaseData Trouble(string name, StatusReport report, params string[] said) =>
        new TestCaseData(report, said).SetArgDisplayNames(name);
}

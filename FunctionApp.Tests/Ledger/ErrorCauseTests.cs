using PointWebhooks.Ledger;

namespace PointWebhooks.Tests.Ledger;

/// <summary>Errors of one cause are one, and those of two are two.</summary>
internal sealed class ErrorCauseTests
{
    [TestCase("jira: 401 Unauthorized", "jira: 401 Unauthorized")]
    [TestCase("jira: Not called; the next may be made in 12 s.", "jira: Not called; the next may be made in 7 s.")]
    [TestCase("No group 0d3b4c8e-6f0e-4a44-9f7e-2f4d3f0f6c11", "No group 7E12C0D4-91D3-4F5E-8A44-C1B2A3D4E5F6")]
    [TestCase("At 2026-05-01T12:00:00.123Z: 503", "At 2026-11-25T00:01:02+01:00: 503")]
    [TestCase("Issue ITSM-12 is closed", "Issue PHX-4711 is closed")]
    [TestCase("Request 1234567 took 1,250 ms", "Request 99123456 took 3,5 ms")]
    public void What_differs_from_event_to_event_is_left_out(string one, string other) =>
        Assert.That(ErrorCause.IdOf(one), Is.EqualTo(ErrorCause.IdOf(other)), ErrorCause.TextOf(one));

    [TestCase("jira: 401 Unauthorized", "jira: 403 Forbidden")]
    [TestCase("jira: 401 Unauthorized", "teams: 401 Unauthorized")]
    public void What_tells_causes_apart_stays(string one, string other) =>
        Assert.That(ErrorCause.IdOf(one), Is.Not.EqualTo(ErrorCause.IdOf(other)));

    [Test]
    public void The_text_is_what_they_have_in_common() =>
        Assert.That(ErrorCause.TextOf("jira: 429 for ITSM-12; again in 30 s"), Is.EqualTo("jira: 429 for …; again in …"));
}

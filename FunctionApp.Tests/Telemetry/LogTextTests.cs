using PointWebhooks.Telemetry;

namespace PointWebhooks.Tests.Telemetry;

internal sealed class LogTextTests
{
    [TestCase("ProvisioningCompleted")]
    [TestCase("Straße 東京")]
    public void A_text_that_is_fit_stays_as_it_is(string text) => Assert.That(LogText.OneLine(text), Is.SameAs(text));

    [TestCase("a\r\nb", "a  b")]
    [TestCase("a\u001b[2Jb", "a [2Jb")]
    [TestCase("a\u2028b\u2029c", "a b c")]
    [TestCase("a\u202eb", "a b")]
    [TestCase("a\0b\u0085c", "a b c")]
    public void What_would_break_a_line_or_turn_it_around_is_a_blank(string text, string expected) =>
        Assert.That(LogText.OneLine(text), Is.EqualTo(expected));

    [TestCase(LogText.MaxLength, "")]
    [TestCase(LogText.MaxLength + 1, "…")]
    [TestCase(200_000, "…")]
    public void A_text_that_is_too_long_is_cut(int length, string end) =>
        Assert.That(LogText.OneLine(new string('x', length)), Is.EqualTo(new string('x', LogText.MaxLength) + end));
}

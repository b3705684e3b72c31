using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

internal sealed class LedgerOptionsTests
{
    [TestCase("0", "0")]
    [TestCase("3651", "3651")]
    [TestCase("-1", "-1")]
    [TestCase("ninety", "ninety")]
    [TestCase("90 days", "90 days")]
    [TestCase("90.5", "90.5")]
    [TestCase("1e2", "1e2")]
    public void A_retention_that_is_none_is_named_with_what_to_put_there(string value, string said) => Assert.That(
        FailuresOf(("Ledger:RetentionDays", value)),
        Is.EqualTo([$"Ledger:RetentionDays is '{said}'. Set it to a number of days from 1 to 3650; 90 is the default."]));

    [TestCase("1", 1)]
    [TestCase("3650", 3650)]
    [TestCase(" \"30\"\n", 30)]
    [TestCase("", 90)]
    [TestCase(null, 90)]
    public void A_retention_is_taken_as_it_is_meant(string? value, int days)
    {
        using var services = Services(("Ledger:RetentionDays", value));

        Assert.That(services.GetRequiredService<IOptions<LedgerOptions>>().Value.RetentionDays, Is.EqualTo(days));
    }

    [Test]
    public void A_mistyped_name_is_a_warning() => Assert.That(
        WarningsOf(("Ledger:Retention", "30")),
        Is.EqualTo(["Ledger:Retention is no setting of this app, and does nothing. Correct its name, or remove it."]));
}

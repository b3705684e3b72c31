using PointWebhooks.Settings;

namespace PointWebhooks.Tests.Settings;

internal sealed class LedgerOptionsTests
{
    [TestCase(0)]
    [TestCase(3651)]
    public void A_retention_out_of_range_is_named_with_what_to_put_there(int days) => Assert.That(
        new LedgerOptionsValidator().Validate(null, new LedgerOptions { RetentionDays = days }).FailureMessage,
        Is.EqualTo($"Ledger:RetentionDays is {days}. Set it to a number of days from 1 to 3650; 90 is the default."));

    [TestCase(1)]
    [TestCase(3650)]
    public void A_retention_in_range_is_no_error(int days) =>
        Assert.That(new LedgerOptionsValidator().Validate(null, new LedgerOptions { RetentionDays = days }).Succeeded, Is.True);
}

using System.Globalization;
using PointWebhooks.Events;

namespace PointWebhooks.Tests.Events;

public sealed class PointTimestampTests
{
    [TestCase("2023-10-05T14:48:00", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05T14:48", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05", "2023-10-05T00:00:00Z")]
    [TestCase(" 2023-10-05T14:48:00Z\n", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05t14:48:00z", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05 14:48:00", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05 14:48:00 +02:00", "2023-10-05T12:48:00Z")]
    [TestCase("2023-10-05T14:48:00+02:00", "2023-10-05T12:48:00Z")]
    [TestCase("2023-10-05T14:48:00+0530", "2023-10-05T09:18:00Z")]
    [TestCase("2023-10-05T14:48:00-01", "2023-10-05T15:48:00Z")]
    [TestCase("2023-10-05T14:48:00-00:00", "2023-10-05T14:48:00Z")]
    [TestCase("2023-10-05T14:48:00.1234567Z", "2023-10-05T14:48:00.1234567Z")]
    [TestCase("2023-10-05T14:48:00.123456789", "2023-10-05T14:48:00.1234567Z")]
    [TestCase("2023-10-05T14:48:00,5Z", "2023-10-05T14:48:00.5Z")]
    [TestCase("20231005T144800Z", "2023-10-05T14:48:00Z")]
    public void An_ISO_8601_time_is_a_time_and_without_a_zone_it_is_UTC(string text, string utc)
    {
        var read = PointTimestamp.Parse(text);

        Assert.That(read.Utc, Is.EqualTo(DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
        Assert.That(read.Utc!.Value.Offset, Is.EqualTo(TimeSpan.Zero));
        Assert.That(read.Text, Is.EqualTo(text), "as received");
    }

    [TestCase("08/11/2026 14:48:00")]
    [TestCase("08.11.2026 14:48:00")]
    [TestCase("11/25/2026")]
    [TestCase("25 Nov 2026 14:48:00 GMT")]
    [TestCase("last tuesday")]
    [TestCase("14:48:00")]
    [TestCase("1700000000")]
    [TestCase("2023-13-05T14:48:00")]
    [TestCase("2023-02-30T14:48:00")]
    [TestCase("2023-10-05T25:00:00")]
    [TestCase("2023-10-05T14:48:00+99:00")]
    [TestCase("2023-10-05T14:48:00Z[Europe/Zagreb]")]
    [TestCase("٢٠٢٣-١٠-٠٥T14:48:00")]
    [TestCase("0001-01-01T00:00:00")]
    [TestCase("0001-01-01T00:00:00Z")]
    [TestCase("0001-01-01T00:00:00.0000000+00:00")]
    [TestCase("0001-01-01T00:00:00+05:30")]
    [TestCase("")]
    public void Anything_else_is_no_time_and_kept_as_it_is(string text) =>
        Assert.That(PointTimestamp.Parse(text), Is.EqualTo(new PointTimestamp(text, null)));

    [Test]
    [NonParallelizable]
    public void Nor_does_the_time_zone_of_the_machine_matter()
    {
        var zone = Environment.GetEnvironmentVariable("TZ");
        Use("Asia/Kolkata");
        try
        {
            Assert.That(TimeZoneInfo.Local.BaseUtcOffset, Is.EqualTo(TimeSpan.FromHours(5.5)));
            Assert.That(PointTimestamp.Parse("2023-10-05T14:48:00").Utc, Is.EqualTo(new DateTimeOffset(2023, 10, 5, 14, 48, 0, TimeSpan.Zero)));
        }
        finally
        {
            Use(zone);
        }

        static void Use(string? zone)
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
        }
    }
}

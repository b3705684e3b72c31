using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PointWebhooks.Settings;
using static PointWebhooks.Tests.Settings.SettingsUnderTest;

namespace PointWebhooks.Tests.Settings;

/// <summary>No pause is ever dropped: each is taken, or refused by its name.</summary>
public sealed class RetryOptionsTests
{
    [TestCase("Retry:Schedule", "00:00:01,00:00:02", "00:00:01 00:00:02")]
    [TestCase("Retry:Schedule", "[\"00:00:01\",\"1.00:00:00\"]", "00:00:01 1.00:00:00")]
    [TestCase("Retry:Schedule", "00:00:01;0:05:00\n6.00:00:00\n", "00:00:01 00:05:00 6.00:00:00")]
    [TestCase("Retry:Schedule:0", "'00:00:01', '23:59:59'", "00:00:01 23:59:59")]
    [TestCase("Retry:Schedule:3", " 00:00:01.5 ", "00:00:01.5000000")]
    public void Pauses_are_taken_as_they_are_meant(string setting, string value, string pauses)
    {
        using var services = Services((setting, value));

        Assert.That(string.Join(' ', services.GetRequiredService<IOptions<RetryOptions>>().Value.Schedule), Is.EqualTo(pauses));
    }

    [TestCase(null)]
    [TestCase("")]
    public void Left_out_there_are_eight_from_ten_seconds_to_a_day(string? value)
    {
        using var services = Services(("Retry:Schedule", value));

        var pauses = services.GetRequiredService<IOptions<RetryOptions>>().Value.Schedule;

        Assert.That(
            (pauses.Count, pauses[0], pauses[^1]), Is.EqualTo((8, TimeSpan.FromSeconds(10), TimeSpan.FromDays(1))));
    }

    [TestCase("five seconds")]
    [TestCase("1d")]
    [TestCase("5m")]
    [TestCase("10")]
    [TestCase("00:05")]
    [TestCase("24:00:00")]
    [TestCase("00:00:60")]
    [TestCase("PT5M")]
    [TestCase("-00:00:05")]
    [TestCase("00:00:00")]
    [TestCase("00:00:00.9")]
    [TestCase("6.00:00:01")]
    [TestCase("7.00:00:00")]
    [TestCase("00:00:10 00:01:00")]
    public void An_entry_that_is_no_pause_is_named_with_what_to_put_there(string value)
    {
        var failures = FailuresOf(("Retry:Schedule:0", "00:00:01"), ("Retry:Schedule:1", value), ("Retry:Schedule:2", "00:00:02"));

        Assert.That(failures, Is.EqualTo(
        [
            $"Retry:Schedule:1 is '{value}'. "
            + "Set it to a time from 00:00:01 to 6.00:00:00, such as 00:05:00 for five minutes or 1.00:00:00 for a day.",
        ]));
    }

    [TestCase("00:00:01,1d,00:00:02", "Retry:Schedule:1 is '1d'.")]
    [TestCase("[\"00:00:01\", \"\", \"five\"]", "Retry:Schedule:1 is 'five'.")]
    [TestCase("[]", "Retry:Schedule is an empty entry of a list.")]
    public void In_one_text_the_entry_is_named_by_its_place(string value, string words) =>
        Assert.That(FailuresOf(("Retry:Schedule", value)), Has.Count.EqualTo(1).And.All.StartsWith(words));

    [TestCase("Retry:Schedule:first", "00:00:01", "Retry:Schedule:first is not an entry of a list.")]
    [TestCase("Retry:Schedule:0:0", "00:00:01", "Retry:Schedule:0 is an empty entry of a list.")]
    public void What_is_no_entry_is_named(string setting, string value, string words) =>
        Assert.That(FailuresOf((setting, value)), Has.Count.EqualTo(1).And.All.StartsWith(words));

    [Test]
    public void A_mistyped_name_is_a_warning() => Assert.That(
        WarningsOf(("Retry:Shedule", "00:00:01")),
        Is.EqualTo(["Retry:Shedule is no setting of this app, and does nothing. Correct its name, or remove it."]));

    [Test]
    public void A_long_or_broken_entry_does_not_break_the_message() => Assert.That(
        FailuresOf(("Retry:Schedule:0", $"a\u001b[2J{new string('x', 1000)}")).Single(),
        Does.StartWith($"Retry:Schedule:0 is 'a [2J{new string('x', 35)}…'. Set it to"));
}

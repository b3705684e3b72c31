using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using PointWebhooks.LocalHost;
using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.LocalHost;

/// <summary>An entry on LocalHost's console is a line of readable length, whatever a sender put into it.</summary>
internal sealed class ConsoleTests
{
    [TestCase("Grün 漢 😀", "Grün 漢 😀")]
    [TestCase("X\r\n12:00:00 fail: forged", @"X\r\n12:00:00 fail: forged")]
    [TestCase("\u001b[2J", @"\u001b[2J")]
    [TestCase("a\u2028b\u0085c", @"a\u2028b\u0085c")]
    [TestCase("user\u202egnp.exe", @"user\u202egnp.exe")]
    public void What_would_move_the_cursor_or_reorder_text_is_escaped(string text, string expected) =>
        Assert.That(OneLine.Of(text, 100), Is.EqualTo(expected));

    [Test]
    public void Half_a_character_is_escaped() =>
        Assert.That(OneLine.Of(new string(['a', '\ud83d', 'b']), 100), Is.EqualTo(@"a\ud83db"));

    [Test]
    public void A_long_text_is_cut_and_says_so() =>
        Assert.That(OneLine.Of(new string('x', 200_000), 10), Is.EqualTo("xxxxxxxxxx… (199990 characters more)"));

    [Test]
    public void An_exception_is_its_chain_and_where_it_came_from()
    {
        var exception = Assert.Throws<InvalidOperationException>(() =>
            throw new InvalidOperationException("Outer.", new FormatException("Inner\r\nwith lines.")))!;

        Assert.That(
            OneLine.Of(exception, 1000),
            Does.Match(@"^InvalidOperationException: Outer\. <- FormatException: Inner\\r\\nwith lines\. at ConsoleTests\.cs:[0-9]+$"));
    }

    [Test]
    public void An_entry_is_one_line_of_bounded_length()
    {
        using var services = new ServiceCollection().AddLogging(logging => PlainConsole.AddTo(logging)).BuildServiceProvider();
        var console = services.GetServices<ConsoleFormatter>().OfType<PlainConsole>().Single();
        var entry = new LogEntry<string>(
            LogLevel.Warning,
            "Category",
            new Microsoft.Extensions.Logging.EventId(7),
            "X\n" + new string('x', 5000),
            new FormatException(new string('y', 5000)),
            (state, _) => state);
        var written = new StringBuilder();

        console.Write(entry, null, new StringWriter(written));

        Assert.That(
            written.ToString().TrimEnd(), Does.Match(@"^[0-9:]{8} warn: Category\[7\] X\\nx+… .*FormatException: y+… [^\r\n]*$"));
        Assert.That(written.Length, Is.LessThan(2000));
    }
}

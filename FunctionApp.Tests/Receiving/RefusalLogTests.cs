using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PointWebhooks.Receiving;
using PointWebhooks.Settings;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>A flood of refused requests is a line a minute, and nothing of it is left uncounted.</summary>
internal sealed class RefusalLogTests : SimulatedAppTests
{
    private const int Refused = 3;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private IEnumerable<string> Lines => App.LogOf(Refused).Select(line => line.Text);

    [Test]
    public void The_first_of_a_reason_is_said_at_once_and_the_others_of_a_minute_in_one_line_at_its_end()
    {
        Add(Refusal.SignatureMissing, 5);
        Assert.That(Lines, Is.EqualTo(["Refused 1 request(s) with 401: signature-missing."]));

        Account.Advance(Minute - Instant);
        Assert.That(Lines.Count(), Is.EqualTo(1), "an instant before the minute is over");
        Account.Advance(Instant);

        Assert.That(Lines.Skip(1), Is.EqualTo(["Refused 4 request(s) with 401: signature-missing."]));
        Assert.That(App.LogOf(Refused).Select(line => line.Level), Is.All.EqualTo(LogLevel.Warning));
    }

    [Test]
    public void An_operator_is_shown_how_many_there_were_of_each_the_latest_first()
    {
        Add(Refusal.SignatureMissing, 2);
        var first = Account.Now;
        Account.Advance(Minute);
        Add(Refusal.StorageUnavailable, 1);

        Assert.That(App.Get<RefusalLog>().Counted, Is.EqualTo(
        [
            new RefusalCount(Refusal.StorageUnavailable, 1, Account.Now),
            new RefusalCount(Refusal.SignatureMissing, 2, first),
        ]));
    }

    [Test]
    public void Each_reason_is_said_for_itself()
    {
        Add(Refusal.SignatureMissing, 2);
        Add(Refusal.StorageUnavailable, 3);

        Account.Advance(Minute);

        Assert.That(Lines, Is.EqualTo(
        [
            "Refused 1 request(s) with 401: signature-missing.",
            "Refused 1 request(s) with 503: storage-unavailable.",
            "Refused 1 request(s) with 401: signature-missing.",
            "Refused 2 request(s) with 503: storage-unavailable.",
        ]));
    }

    [Test]
    public void In_a_flood_that_lasts_no_request_is_said_twice_or_never()
    {
        for (var minute = 0; minute < 3; minute++)
        {
            Add(Refusal.SignatureMismatch, 10);
            Account.Advance(Minute);
        }

        Assert.That(Lines, Is.EqualTo(
        [
            "Refused 1 request(s) with 401: signature-mismatch.",
            "Refused 9 request(s) with 401: signature-mismatch.",
            "Refused 10 request(s) with 401: signature-mismatch.",
            "Refused 10 request(s) with 401: signature-mismatch.",
        ]));
    }

    [Test]
    public void After_a_minute_without_one_the_next_is_said_at_once_again()
    {
        Add(Refusal.SignatureMissing);
        Account.Advance(Minute);

        Add(Refusal.SignatureMissing);

        Assert.That(Lines.Count(), Is.EqualTo(2));
        Account.Advance(10 * Minute);
        Assert.That(Lines.Count(), Is.EqualTo(2), "nothing is said of nothing");
    }

    [Test]
    public void What_is_not_said_yet_is_said_when_the_app_stops()
    {
        Add(Refusal.SignatureMissing, 7);

        App.Get<RefusalLog>().Dispose();

        Assert.That(Lines.Last(), Is.EqualTo("Refused 6 request(s) with 401: signature-missing."));
        Account.Advance(10 * Minute);
        Assert.That(Lines.Count(), Is.EqualTo(2));
    }

    [Test]
    public void The_line_of_a_minute_belongs_to_no_request_also_not_to_the_first()
    {
        var (time, seen) = (new CapturingTime(), new List<string?>());
        using var refusals = new RefusalLog(time, new ActivityLog(seen));
        using (new Activity("request").Start())
        {
            refusals.Add(Refusal.SignatureMissing);
            refusals.Add(Refusal.SignatureMissing);
        }

        time.Tick();

        Assert.That(seen, Is.EqualTo(["request", null]));
    }

    [Test]
    public void The_self_check_of_this_app_is_counted_and_not_said()
    {
        var answer = App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), headers => headers[EndpointMark.Header] = "mark"));

        Assert.That(answer.Refused, Is.EqualTo(Refusal.SignatureMissing));
        Assert.That(Lines, Is.Empty);
        Assert.That(App.Measured.Sum("point.requests.refused", "reason=signature-missing"), Is.EqualTo(1));
    }

    [Test]
    public void A_forgery_does_not_hide_behind_the_mark_of_the_self_check()
    {
        App.Run(() => App.ReceiveAsync(SimulatedApp.Body("key"), headers =>
        {
            headers[EndpointMark.Header] = "mark";
            headers["Signature"] = Convert.ToBase64String(new byte[32]);
        }));

        Assert.That(Lines, Is.EqualTo(["Refused 1 request(s) with 401: signature-mismatch."]));
    }

    private void Add(Refusal refusal, int count = 1) => App.Run(() =>
    {
        for (var i = 0; i < count; i++)
            App.Get<RefusalLog>().Add(refusal);
        return Task.CompletedTask;
    });

    /// <summary>A timer that ticks when it is told to, in the context in which it was made, as those of the system do.</summary>
    private sealed class CapturingTime : TimeProvider
    {
        private Action tick = () => { };

        public void Tick() => tick();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var context = ExecutionContext.Capture();
            tick = () =>
            {
                if (context is null)
                    callback(state);
                else
                    ExecutionContext.Run(context, _ => callback(state), null);
            };
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes down in which activity each line is written.</summary>
    private sealed class ActivityLog(List<string?> seen) : ILogger<RefusalLog>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => seen.Add(Activity.Current?.OperationName);
    }
}

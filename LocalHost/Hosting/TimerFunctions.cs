using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>
/// Timer triggers by their NCRONTAB schedule, in UTC, without overlap; an error does not stop the schedule. Unlike the Functions
/// host, which remembers the last run, it does not make up for a run that was missed while nothing was running.
/// </summary>
internal sealed class TimerFunctions(
    IReadOnlyList<FunctionDescriptor> functions,
    IConfiguration configuration,
    IServiceProvider services,
    TimeProvider time,
    ILogger<TimerFunctions> logger) : BackgroundService
{
    private static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    // Read here, so that a wrong schedule is an error at start.
    private readonly IReadOnlyList<(FunctionDescriptor Function, CrontabSchedule Schedule)> scheduled =
    [
        .. functions.With<TimerTrigger>(configuration).Select(each => (each.Function, Parse(each.Function.Name, each.Trigger.Schedule))),
    ];

    /// <summary>Runs a timer function now, beside its schedule, also a disabled one: as the admin API of the Functions host does.</summary>
    public Task RunNowAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(functions.Single(function => function.Name == name), new TimerInfo(), cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(scheduled.Select(each => FollowAsync(each.Function, each.Schedule, stoppingToken)));

    private async Task FollowAsync(FunctionDescriptor function, CrontabSchedule schedule, CancellationToken stopping)
    {
        try
        {
            var last = DateTime.UnixEpoch;
            var next = schedule.GetNextOccurrence(Now());
            while (true)
            {
                // A run that took longer than to the next time is followed by one at once, however many times it has missed.
                await Task.Delay(next > Now() ? next - Now() : TimeSpan.Zero, time, stopping);
                var started = Now() > next ? Now() : next;
                await RunAsync(
                    function,
                    new TimerInfo { ScheduleStatus = new ScheduleStatus { Last = last, Next = next, LastUpdated = last } },
                    stopping);
                (last, next) = (started, schedule.GetNextOccurrence(started));
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(FunctionDescriptor function, TimerInfo timer, CancellationToken stopping)
    {
        try
        {
            await function.InvokeAsync(services, parameter => parameter.ParameterType == typeof(CancellationToken) ? stopping : timer);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.FunctionFailed(logger, function.Name, e);
        }
    }

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private static CrontabSchedule Parse(string function, string schedule) =>
        CrontabSchedule.TryParse(schedule, WithSeconds)
        ?? throw new InvalidOperationException(
            $"The schedule of {function}, \"{schedule}\", is not an NCRONTAB expression with seconds, such as \"0 7 * * * *\".");
}

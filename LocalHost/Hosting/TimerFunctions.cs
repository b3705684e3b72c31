using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NCrontab;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>
/// Timer triggers by their NCRONTAB schedule, in UTC, without overlap; an error does not stop the schedule. Unlike the Functions
/// host, which remembers the last run, a run that was missed while nothing was running is not made up for.
/// </summary>
internal sealed class TimerFunctions(
    IConfiguration configuration, IServiceProvider services, TimeProvider time, ILogger<TimerFunctions> logger) : BackgroundService
{
    private static readonly CrontabSchedule.ParseOptions WithSeconds = new() { IncludingSeconds = true };

    /// <summary>Runs a timer function now, beside its schedule.</summary>
    public Task RunNowAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(FunctionDescriptor.All.Single(function => function.Name == name), null, cancellationToken);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        FunctionDescriptor.Triggered<TimerTrigger>(configuration)
            .Select(triggered => FollowAsync(
                triggered.Function, CrontabSchedule.Parse(triggered.Trigger.Schedule, WithSeconds), stoppingToken)));

    private async Task FollowAsync(FunctionDescriptor function, CrontabSchedule schedule, CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var next = schedule.GetNextOccurrence(time.GetUtcNow().UtcDateTime);
                await Task.Delay(next - time.GetUtcNow().UtcDateTime is { Ticks: > 0 } wait ? wait : TimeSpan.Zero, time, stopping);
                await RunAsync(function, next, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task RunAsync(FunctionDescriptor function, DateTime? scheduled, CancellationToken stopping)
    {
        var timer = new TimerInfo
        {
            ScheduleStatus = scheduled is { } last ? new ScheduleStatus { Last = last, LastUpdated = last } : null,
        };
        try
        {
            await function.InvokeAsync(services, parameter => parameter.ParameterType == typeof(CancellationToken) ? stopping : timer);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            Log.FunctionFailed(logger, function.Name, e);
        }
    }
}

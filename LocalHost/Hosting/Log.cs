using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>What this host logs about the functions it runs.</summary>
internal static partial class Log
{
    public static void FunctionFailed(IServiceProvider services, string function, Exception exception) =>
        FunctionFailed(services.GetRequiredService<ILoggerFactory>().CreateLogger("LocalHost"), function, exception);

    [LoggerMessage(100, LogLevel.Error, "Function {Function} failed.")]
    public static partial void FunctionFailed(ILogger logger, string function, Exception exception);

    [LoggerMessage(101, LogLevel.Warning, "Queue {Queue} could not be read; trying again.")]
    public static partial void QueueNotRead(ILogger logger, string queue, Exception exception);

    // The words of the Functions host.
    [LoggerMessage(
        102, LogLevel.Error, "Message has reached MaxDequeueCount of {MaxDequeueCount}. Moving message to queue '{PoisonQueue}'.")]
    public static partial void MovedToPoison(ILogger logger, int maxDequeueCount, string poisonQueue);

    [LoggerMessage(103, LogLevel.Warning, "The visibility of a message of queue {Queue} was not renewed; trying again.")]
    public static partial void VisibilityNotRenewed(ILogger logger, string queue, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "A message of queue {Queue} was not finished; it becomes visible again by itself.")]
    public static partial void MessageNotFinished(ILogger logger, string queue, Exception exception);
}

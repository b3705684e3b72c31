using System.Text.Json;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>What triggers a function, as its generated metadata says. A name or schedule may be <c>%Setting%</c>.</summary>
public abstract record FunctionTrigger
{
    /// <summary>Reads a binding of the metadata, or returns null for one that is no trigger.</summary>
    /// <exception cref="NotSupportedException">It is a trigger of a kind that LocalHost does not run.</exception>
    public static FunctionTrigger? Read(JsonElement binding) => Text(binding, "type") switch
    {
        "httpTrigger" => new HttpTrigger(
            Text(binding, "route"),
            [.. binding.GetProperty("methods").EnumerateArray().Select(method => method.GetString()!)],
            Text(binding, "authLevel")!),
        "queueTrigger" => new QueueTrigger(Text(binding, "queueName")!),
        "timerTrigger" => new TimerTrigger(Text(binding, "schedule")!),
        { } other when other.EndsWith("Trigger", StringComparison.Ordinal) =>
            throw new NotSupportedException($"LocalHost does not run functions with a {other}."),
        _ => null,
    };

    private static string? Text(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out var value) ? value.GetString() : null;
}

/// <summary>A request.</summary>
/// <param name="Route">The route template behind the prefix, or null for the function's name.</param>
/// <param name="Methods">The HTTP methods.</param>
/// <param name="AuthLevel">Who may call: <c>Anonymous</c> or with which key.</param>
public sealed record HttpTrigger(string? Route, IReadOnlyList<string> Methods, string AuthLevel) : FunctionTrigger;

/// <summary>A message in a storage queue.</summary>
/// <param name="QueueName">The queue.</param>
public sealed record QueueTrigger(string QueueName) : FunctionTrigger;

/// <summary>A time.</summary>
/// <param name="Schedule">An NCRONTAB expression with seconds.</param>
public sealed record TimerTrigger(string Schedule) : FunctionTrigger;

using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>What triggers a function, as its generated metadata says.</summary>
internal abstract record FunctionTrigger
{
    /// <summary>Reads a binding of the metadata, or returns null for one that is no trigger.</summary>
    /// <exception cref="NotSupportedException">It is a trigger of a kind that LocalHost does not run.</exception>
    public static FunctionTrigger? Read(JsonElement binding) => Text(binding, "type") switch
    {
        "httpTrigger" => new HttpTrigger(Text(binding, "route"), Methods(binding), Text(binding, "authLevel")!),
        "queueTrigger" => new QueueTrigger(Text(binding, "queueName")!),
        "timerTrigger" => new TimerTrigger(Text(binding, "schedule")!),
        { } other when other.EndsWith("Trigger", StringComparison.Ordinal) =>
            throw new NotSupportedException($"LocalHost does not run functions with a {other}."),
        _ => null,
    };

    /// <summary>The trigger with the settings that it names as <c>%Setting%</c> filled in.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing. The Functions host leaves such a function out.</exception>
    public virtual FunctionTrigger WithSettings(IConfiguration configuration) => this;

    protected static string Resolve(string text, IConfiguration configuration) => Regex.Replace(text, "%([^%]+)%", match =>
        configuration[match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"A function's trigger names the setting {match.Groups[1].Value}, which is missing."));

    private static string? Text(JsonElement binding, string name) =>
        binding.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IReadOnlyList<string> Methods(JsonElement binding) =>
        binding.TryGetProperty("methods", out var methods) ? [.. methods.EnumerateArray().Select(method => method.GetString()!)] : [];
}

/// <summary>A request.</summary>
/// <param name="Route">The route template behind the prefix, or null for the function's name.</param>
/// <param name="Methods">The HTTP methods; none means any.</param>
/// <param name="AuthLevel">Who may call: <c>Anonymous</c> or with which key.</param>
internal sealed record HttpTrigger(string? Route, IReadOnlyList<string> Methods, string AuthLevel) : FunctionTrigger;

/// <summary>A message in a storage queue.</summary>
/// <param name="QueueName">The queue, or <c>%Setting%</c>.</param>
internal sealed record QueueTrigger(string QueueName) : FunctionTrigger
{
    public override FunctionTrigger WithSettings(IConfiguration configuration) => new QueueTrigger(Resolve(QueueName, configuration));
}

/// <summary>A time.</summary>
/// <param name="Schedule">An NCRONTAB expression with seconds, or <c>%Setting%</c>.</param>
internal sealed record TimerTrigger(string Schedule) : FunctionTrigger
{
    public override FunctionTrigger WithSettings(IConfiguration configuration) => new TimerTrigger(Resolve(Schedule, configuration));
}

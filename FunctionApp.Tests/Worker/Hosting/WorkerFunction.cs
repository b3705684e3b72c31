using System.Text.Json;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>A function as the worker describes it to the host.</summary>
/// <param name="Metadata">The description.</param>
/// <param name="Trigger">Its trigger's binding: a JSON object as in a function.json.</param>
internal sealed record WorkerFunction(RpcFunctionMetadata Metadata, JsonElement Trigger)
{
    /// <summary>Its name.</summary>
    public string Name => Metadata.Name;

    /// <summary>What invocations name it by.</summary>
    public string Id => Metadata.FunctionId;

    /// <summary>The parameter that its trigger binds to.</summary>
    public string TriggerParameter => Text("name");

    /// <summary><c>httpTrigger</c>, <c>queueTrigger</c> or <c>timerTrigger</c>.</summary>
    public string TriggerType => Text("type");

    /// <summary>Whether the host hands the trigger's data over as it is, for the worker's extension to convert.</summary>
    public bool HasDeferredBinding =>
        Trigger.GetProperty("properties").TryGetProperty("supportsDeferredBinding", out var isDeferred)
        && isDeferred.ToString() == bool.TrueString;

    /// <summary>The queue whose messages trigger it.</summary>
    public string QueueName => Text("queueName");

    /// <summary>The template of the path that triggers it, without the host's prefix.</summary>
    public string Route => Text("route");

    /// <summary>The first method of the requests that trigger it.</summary>
    public string Method => Trigger.GetProperty("methods")[0].GetString()!;

    public static WorkerFunction Read(RpcFunctionMetadata metadata) => new(
        metadata,
        metadata.RawBindings.Select(Parse)
            .Single(binding => binding.GetProperty("type").GetString()!.EndsWith("Trigger", StringComparison.Ordinal)));

    /// <summary>Its name and what triggers it, as <c>ExpectedFunctions</c> lists it.</summary>
    public override string ToString() => TriggerType switch
    {
        "httpTrigger" => $"{Name}: {string.Join(',', Trigger.GetProperty("methods").EnumerateArray())} {Route} {Text("authLevel")}",
        "queueTrigger" => $"{Name}: queue {QueueName}",
        "timerTrigger" => $"{Name}: timer {Text("schedule")}",
        var other => $"{Name}: {other}",
    };

    private string Text(string property) => Trigger.GetProperty(property).GetString()!;

    private static JsonElement Parse(string binding)
    {
        using var document = JsonDocument.Parse(binding);
        return document.RootElement.Clone();
    }
}

using System.Text.RegularExpressions;
using PointWebhooks.Tests.Simulation.Http;

namespace PointWebhooks.Tests.Simulation.Queues;

/// <summary>The urls of the queue service.</summary>
internal static partial class QueueRoutes
{
    /// <summary>Tells what a request asks for, and of which queue.</summary>
    public static (StorageOperation Operation, string Queue) Match(
        string method, string path, IReadOnlyDictionary<string, string> query)
    {
        var url = Url().Match(path);
        var part = url.Groups["message"].Success ? "message" : url.Groups["messages"].Success ? "messages" : "queue";
        return (Operation(method, part, query) ?? throw new NotSupportedException($"The simulation does not know {method} {path}."),
            url.Groups["queue"].Value);
    }

    /// <summary>The id in the path of a message.</summary>
    public static string MessageId(string path) => Url().Match(path).Groups["message"].Value;

    private static StorageOperation? Operation(string method, string part, IReadOnlyDictionary<string, string> query) =>
        (method, part) switch
        {
            ("PUT", "queue") when query.Count == 0 => StorageOperation.CreateQueue,
            ("DELETE", "queue") => StorageOperation.DeleteQueue,
            ("GET", "queue") when query.GetValueOrDefault("comp") == "metadata" => StorageOperation.GetQueueProperties,
            ("POST", "messages") => StorageOperation.SendMessage,
            ("GET", "messages") when query.ContainsKey("peekonly") => StorageOperation.PeekMessages,
            ("GET", "messages") => StorageOperation.ReceiveMessages,
            ("DELETE", "messages") => StorageOperation.ClearMessages,
            ("PUT", "message") => StorageOperation.UpdateMessage,
            ("DELETE", "message") => StorageOperation.DeleteMessage,
            _ => null,
        };

    [GeneratedRegex("^/(?<queue>[a-z0-9-]{3,63})(?<messages>/messages(/(?<message>[^/]+))?)?$")]
    private static partial Regex Url();
}

using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>The one stream between the host and its worker: what is asked on it is answered on it, in any order.</summary>
internal sealed class WorkerConnection : FunctionRpc.FunctionRpcBase
{
    private readonly TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<StreamingMessage> toWorker = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StreamingMessage>> asked = [];
    private readonly ConcurrentQueue<RpcLog> logs = [];

    /// <summary>Ends when a worker has introduced itself.</summary>
    public Task Connected => connected.Task;

    /// <summary>What the worker has logged to the host so far.</summary>
    public IReadOnlyCollection<RpcLog> Logs => logs;

    /// <inheritdoc/>
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        try
        {
            await Task.WhenAll(TakeAsync(requestStream, context.CancellationToken), SendAsync(responseStream, context.CancellationToken));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The worker is gone; who still waits for it learns that from its process.
        }
    }

    /// <summary>Tells the worker something that has no answer.</summary>
    public void Tell(StreamingMessage message) => toWorker.Writer.TryWrite(message);

    /// <summary>Asks the worker something.</summary>
    /// <returns>Its answer.</returns>
    public Task<StreamingMessage> AskAsync(StreamingMessage question)
    {
        // An invocation is answered by its own id, everything else by that of the message.
        question.RequestId = question.InvocationRequest?.InvocationId ?? Guid.NewGuid().ToString();
        var answer = new TaskCompletionSource<StreamingMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked[question.RequestId] = answer;
        Tell(question);
        return answer.Task;
    }

    private async Task TakeAsync(IAsyncStreamReader<StreamingMessage> fromWorker, CancellationToken cancellationToken)
    {
        await foreach (var message in fromWorker.ReadAllAsync(cancellationToken))
        {
            if (message.StartStream is not null)
                connected.TrySetResult();
            else if (message.RpcLog is not null)
                logs.Enqueue(message.RpcLog);
            else if (asked.TryRemove(message.InvocationResponse?.InvocationId ?? message.RequestId, out var answer))
                answer.SetResult(message);
        }
    }

    private async Task SendAsync(IServerStreamWriter<StreamingMessage> stream, CancellationToken cancellationToken)
    {
        await foreach (var message in toWorker.Reader.ReadAllAsync(cancellationToken))
            await stream.WriteAsync(message, cancellationToken);
    }
}

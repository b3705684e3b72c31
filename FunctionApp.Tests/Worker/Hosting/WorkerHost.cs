using System.Net;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PointWebhooks.Tests.Support;
using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>The Functions host as its worker sees it: starts the worker, has it load its functions and invokes them.</summary>
internal sealed class WorkerHost : IAsyncDisposable
{
    /// <summary>Far longer than a worker takes for anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WebApplication server;
    private readonly WorkerConnection connection;
    private readonly string folder;

    private WorkerHost(WebApplication server, WorkerConnection connection, string folder, WorkerProcess process) =>
        (this.server, this.connection, this.folder, Process) = (server, connection, folder, process);

    /// <summary>The worker's process.</summary>
    public WorkerProcess Process { get; }

    /// <summary>What the worker says it can do, and how it wants it done.</summary>
    public IReadOnlyDictionary<string, string> Capabilities { get; private set; } = new Dictionary<string, string>();

    /// <summary>The functions of the app, by name.</summary>
    public IReadOnlyDictionary<string, WorkerFunction> Functions { get; private set; } = new Dictionary<string, WorkerFunction>();

    /// <summary>What the worker has logged to the host so far.</summary>
    public IReadOnlyCollection<RpcLog> Logs => connection.Logs;

    /// <summary>Starts a host and its worker, up to where functions can be invoked.</summary>
    /// <param name="settings">The app settings, named as environment variables.</param>
    /// <param name="folder">The folder of the app; that of the build if left out.</param>
    /// <exception cref="WorkerExitedException">The worker ended.</exception>
    public static async Task<WorkerHost> StartAsync(IReadOnlyDictionary<string, string> settings, string? folder = null)
    {
        folder ??= WorkerProcess.BuiltFolder;
        try
        {
            return await StartOnceAsync(settings, folder);
        }
        catch (WorkerExitedException e) when (e.IsPortTaken)
        {
            // As a host does with a worker that has ended: another start takes another port.
            return await StartOnceAsync(settings, folder);
        }
    }

    /// <summary>Invokes a function.</summary>
    /// <returns>What the worker tells the host of it.</returns>
    public async Task<StatusResult> InvokeAsync(InvocationRequest invocation) =>
        (await AskAsync(new StreamingMessage { InvocationRequest = invocation })).InvocationResponse.Result;

    /// <summary>Tells the worker that an invocation is not wanted any more.</summary>
    public void Cancel(string invocationId) =>
        connection.Tell(new StreamingMessage { InvocationCancel = new InvocationCancel { InvocationId = invocationId } });

    /// <summary>Tells the worker to stop, as a host that stops does; the host would end it after five seconds.</summary>
    public void TerminateWorker()
    {
        var gracePeriod = Duration.FromTimeSpan(TimeSpan.FromSeconds(5));
        connection.Tell(new StreamingMessage { WorkerTerminate = new WorkerTerminate { GracePeriod = gracePeriod } });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Process.Dispose();
        await server.DisposeAsync();
    }

    private static async Task<WorkerHost> StartOnceAsync(IReadOnlyDictionary<string, string> settings, string folder)
    {
        var connection = new WorkerConnection();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(connection);
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var server = builder.Build();
        server.MapGrpcService<WorkerConnection>();
        await server.StartAsync();

        var host = new WorkerHost(server, connection, folder, WorkerProcess.Start(new Uri(server.Urls.Single()), folder, settings));
        try
        {
            await host.InitializeAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private async Task InitializeAsync()
    {
        await OrExitAsync(connection.Connected);
        var init = new WorkerInitRequest { HostVersion = "4.0.0.0", WorkerDirectory = folder, FunctionAppDirectory = folder };
        var initialized = (await AskAsync(new StreamingMessage { WorkerInitRequest = init })).WorkerInitResponse;
        Expect(initialized.Result, "initialize");
        Capabilities = initialized.Capabilities;
        // The worker's web server may start after its gRPC client; a host tries a request again until then. A port that answers may be
        // another's: the worker looks for a free one before it takes it.
        var exited = Process.Exited;
        await Eventually.TrueAsync(
            () => exited.IsCompleted || Logs.Any(log => log.Message.StartsWith("Now listening on: ", StringComparison.Ordinal)),
            "the worker's web server listens");

        var index = new FunctionsMetadataRequest { FunctionAppDirectory = folder };
        var indexed = (await AskAsync(new StreamingMessage { FunctionsMetadataRequest = index })).FunctionMetadataResponse;
        Expect(indexed.Result, "list its functions");
        Functions = indexed.FunctionMetadataResults.Select(WorkerFunction.Read).ToDictionary(function => function.Name);
        foreach (var function in Functions.Values)
        {
            var load = new FunctionLoadRequest { FunctionId = function.Id, Metadata = function.Metadata };
            var loaded = (await AskAsync(new StreamingMessage { FunctionLoadRequest = load })).FunctionLoadResponse;
            Expect(loaded.Result, $"load {function.Name}");
        }
    }

    private Task<StreamingMessage> AskAsync(StreamingMessage question) => OrExitAsync(connection.AskAsync(question));

    private async Task<T> OrExitAsync<T>(Task<T> answer)
    {
        await OrExitAsync((Task)answer);
        return await answer;
    }

    private async Task OrExitAsync(Task answer)
    {
        var exited = Process.Exited;
        if (await Task.WhenAny(answer, exited).WaitAsync(Patience) == exited)
            throw new WorkerExitedException(await exited, Process.Error);
    }

    private static void Expect(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new InvalidOperationException($"The worker could not {what}: {result.Exception?.Message}");
    }
}

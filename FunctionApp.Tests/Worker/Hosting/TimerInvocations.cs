using PointWebhooks.Tests.Worker.Protocol;

namespace PointWebhooks.Tests.Worker.Hosting;

/// <summary>Timer triggers as the host does them.</summary>
internal static class TimerInvocations
{
    /// <summary>The invocation of a timer function by its schedule.</summary>
    public static InvocationRequest Tick(this WorkerHost host, string function) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        FunctionId = host.Functions[function].Id,
        InputData =
        {
            new ParameterBinding
            {
                Name = host.Functions[function].TriggerParameter,
                Data = new TypedData { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" },
            },
        },
        TraceContext = new RpcTraceContext(),
    };
}

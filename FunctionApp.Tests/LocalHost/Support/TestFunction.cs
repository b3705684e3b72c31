using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using PointWebhooks.LocalHost.Hosting;

namespace PointWebhooks.Tests.LocalHost.Support;

/// <summary>What a test's function does and has done; the function itself is made anew for every invocation.</summary>
internal sealed class TestFunction
{
    public ConcurrentQueue<string> Invocations { get; } = [];

    /// <summary>Runs in each invocation, with what the trigger brought.</summary>
    public Func<string, Task> Body { get; set; } = _ => Task.CompletedTask;

    public IServiceProvider Services => new ServiceCollection().AddSingleton(this).BuildServiceProvider();

    /// <summary>The function as the host indexes it.</summary>
    public static FunctionDescriptor With(FunctionTrigger trigger, string name = "TestFunction") =>
        new(name, typeof(Instance).GetMethod(trigger is QueueTrigger ? nameof(Instance.RunAsync) : nameof(Instance.TickAsync))!, trigger);

    private Task InvokeAsync(string trigger)
    {
        Invocations.Enqueue(trigger);
        return Body(trigger);
    }

    public sealed class Instance
    {
        private readonly TestFunction function;

        public Instance(IServiceProvider services) => function = services.GetRequiredService<TestFunction>();

        public Task RunAsync(BinaryData message) => function.InvokeAsync(message.ToString());

        public Task TickAsync(TimerInfo timer) => function.InvokeAsync($"{timer.ScheduleStatus?.Next:HH:mm:ss}");
    }
}

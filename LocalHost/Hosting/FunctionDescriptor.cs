using System.Diagnostics;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>A function: a method with <see cref="FunctionAttribute"/>, one parameter of which has a trigger.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Method">The method.</param>
/// <param name="Trigger">Its trigger.</param>
public sealed record FunctionDescriptor(string Name, MethodInfo Method, TriggerBindingAttribute Trigger)
{
    /// <summary>Every function of the app.</summary>
    public static readonly IReadOnlyList<FunctionDescriptor> All =
    [
        .. from type in typeof(FunctionDescriptor).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           orderby function.Name
           select new FunctionDescriptor(function.Name, method, TriggerOf(method)),
    ];

    /// <summary>The setting that keeps the function from being triggered, as the Functions host knows it.</summary>
    public string DisabledSetting => $"AzureWebJobs.{Name}.Disabled";

    /// <summary>The functions with a trigger of one kind that are not disabled.</summary>
    public static IEnumerable<(FunctionDescriptor Function, TTrigger Trigger)> Triggered<TTrigger>(IConfiguration configuration)
        where TTrigger : TriggerBindingAttribute =>
        from function in All
        where function.Trigger is TTrigger && !configuration.GetValue<bool>(function.DisabledSetting)
        select (function, (TTrigger)function.Trigger);

    private static TriggerBindingAttribute TriggerOf(MethodInfo method) =>
        method.GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<TriggerBindingAttribute>())
            .Single(trigger => trigger is not null)!;

    /// <summary>Runs the function in a scope of its own, on a new instance of its class, as the worker does.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="bind">Finds the value of a parameter.</param>
    /// <returns>What the function returns, or null.</returns>
    public async Task<object?> InvokeAsync(IServiceProvider services, Func<ParameterInfo, object?> bind)
    {
        using var activity = HostActivity.StartInvocation(Name);
        await using var scope = services.CreateAsyncScope();
        try
        {
            var instance = ActivatorUtilities.CreateInstance(scope.ServiceProvider, Method.DeclaringType!);
            var task = (Task)Method.Invoke(
                instance, BindingFlags.DoNotWrapExceptions, null, [.. Method.GetParameters().Select(bind)], null)!;
            await task;
            return task.GetType().GetProperty(nameof(Task<>.Result))?.GetValue(task);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }
}

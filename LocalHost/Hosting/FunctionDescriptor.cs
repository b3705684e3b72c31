using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>A function as the Functions host would index it.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Method">The method that runs.</param>
/// <param name="Trigger">What triggers it.</param>
internal sealed record FunctionDescriptor(string Name, MethodInfo Method, FunctionTrigger Trigger)
{
    /// <summary>
    /// Every function in the list that the worker SDK generated when FunctionApp was built: the list the worker hands to the
    /// Functions host. A function that the SDK leaves out is missing here, too.
    /// </summary>
    public static readonly IReadOnlyList<FunctionDescriptor> All = Read(new GeneratedFunctionMetadataProvider());

    private readonly ObjectFactory create = ActivatorUtilities.CreateFactory(Method.DeclaringType!, []);
    private readonly MethodInvoker invoker = MethodInvoker.Create(Method);
    private readonly IReadOnlyList<ParameterInfo> parameters = Method.GetParameters();

    /// <summary>The setting that keeps the function from being triggered, as the Functions host knows it.</summary>
    public string DisabledSetting => $"AzureWebJobs.{Name}.Disabled";

    /// <summary>Whether the Functions host would leave the function untriggered.</summary>
    public bool IsDisabled(IConfiguration configuration) =>
        configuration[DisabledSetting] is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs the function in a scope of its own, on a new instance of its class, as the worker does.</summary>
    /// <param name="services">The app's services.</param>
    /// <param name="bind">Finds the value of a parameter.</param>
    /// <returns>What the function answers, or null.</returns>
    public async Task<IResult?> InvokeAsync(IServiceProvider services, Func<ParameterInfo, object?> bind)
    {
        using var activity = HostActivity.StartInvocation(Name);
        await using var scope = services.CreateAsyncScope();
        try
        {
            var task = (Task)invoker.Invoke(create(scope.ServiceProvider, []), new Span<object?>([.. parameters.Select(bind)]))!;
            await task;
            return task is Task<IResult> { Result: var answer } ? answer : null;
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
    }

    private static IReadOnlyList<FunctionDescriptor> Read(GeneratedFunctionMetadataProvider generated)
    {
        // The generated provider holds the list in memory: it neither reads the folder nor waits.
        var indexed = generated.GetFunctionMetadataAsync(AppContext.BaseDirectory).GetAwaiter().GetResult();
        return [.. indexed.Select(Describe).OrderBy(function => function.Name, StringComparer.Ordinal)];
    }

    private static FunctionDescriptor Describe(IFunctionMetadata metadata)
    {
        var entryPoint = metadata.EntryPoint!;
        var dot = entryPoint.LastIndexOf('.');
        var type = typeof(GeneratedFunctionMetadataProvider).Assembly.GetType(entryPoint[..dot], throwOnError: true)!;
        return new FunctionDescriptor(metadata.Name!, type.GetMethod(entryPoint[(dot + 1)..])!, TriggerOf(metadata));
    }

    private static FunctionTrigger TriggerOf(IFunctionMetadata metadata)
    {
        foreach (var raw in metadata.RawBindings!)
        {
            using var binding = JsonDocument.Parse(raw);
            if (FunctionTrigger.Read(binding.RootElement) is { } trigger)
                return trigger;
        }

        throw new NotSupportedException($"Function {metadata.Name} has no trigger that LocalHost can run.");
    }
}

using Microsoft.Extensions.Configuration;

namespace PointWebhooks.LocalHost.Hosting;

/// <summary>The functions that a host runs, by what triggers them.</summary>
internal static class TriggeredFunctions
{
    /// <summary>The enabled functions with a trigger of one kind, and that trigger with its settings filled in.</summary>
    /// <exception cref="InvalidOperationException">A trigger names a setting that is missing.</exception>
    public static IReadOnlyList<(FunctionDescriptor Function, TTrigger Trigger)> With<TTrigger>(
        this IEnumerable<FunctionDescriptor> functions, IConfiguration configuration)
        where TTrigger : FunctionTrigger =>
        [
            .. from function in functions
               where function.Trigger is TTrigger && !function.IsDisabled(configuration)
               select (function, (TTrigger)function.Trigger.WithSettings(configuration)),
        ];
}

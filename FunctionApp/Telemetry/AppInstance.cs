using System.Reflection;

namespace PointWebhooks.Telemetry;

/// <summary>The instance of the app that this process is, and the version of its code.</summary>
internal static class AppInstance
{
    private const int Length = 12;

    // Of a commit, as people shorten it.
    private const int CommitLength = 7;

    /// <summary>
    /// Its name: the beginning of what App Service calls it (<c>WEBSITE_INSTANCE_ID</c>, the same in its logs; on Flex Consumption the
    /// name of its container), or the machine's.
    /// </summary>
    public static string Name { get; } = NameOf(Environment.GetEnvironmentVariable, Environment.MachineName);

    /// <summary>The version of the code, with the commit that it was built from where the build knew it.</summary>
    public static string Version { get; } =
        typeof(AppInstance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Both, the commit shortened: what a claim of this instance says of it.</summary>
    public static string NameAndVersion { get; } = $"{Name} {Short(Version)}";

    /// <summary>The name in an environment.</summary>
    /// <param name="variable">Gives a variable of it, or null.</param>
    /// <param name="machine">The name of the machine.</param>
    public static string NameOf(Func<string, string?> variable, string machine)
    {
        var name = variable("WEBSITE_INSTANCE_ID") ?? variable("CONTAINER_NAME") ?? machine;
        return name.Length > Length ? name[..Length] : name;
    }

    private static string Short(string version) =>
        version.Split('+') is [var number, { Length: > CommitLength } commit] ? $"{number}+{commit[..CommitLength]}" : version;
}

namespace PointWebhooks.Telemetry;

/// <summary>The instance of the app that this process is.</summary>
internal static class AppInstance
{
    private const int Length = 12;

    /// <summary>
    /// Its name: the beginning of what App Service calls it (<c>WEBSITE_INSTANCE_ID</c>, the same in its logs; on Flex Consumption the
    /// name of its container), or the machine's.
    /// </summary>
    public static string Name { get; } =
        Cut(Environment.GetEnvironmentVariable("WEBSITE_INSTANCE_ID")
            ?? Environment.GetEnvironmentVariable("CONTAINER_NAME")
            ?? Environment.MachineName);

    private static string Cut(string name) => name.Length > Length ? name[..Length] : name;
}

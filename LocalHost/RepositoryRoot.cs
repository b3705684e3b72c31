namespace PointWebhooks.LocalHost;

/// <summary>Finds the repository this program was built in.</summary>
internal static class RepositoryRoot
{
    /// <summary>The nearest folder above the current one, or above the program, that holds host.json and tools/azurite.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Find() =>
        Above(Directory.GetCurrentDirectory()) ?? Above(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException("host.json was not found. Run this from the repository.");

    private static string? Above(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var azurite = Path.Combine(folder.FullName, "tools", "azurite");
            if (File.Exists(Path.Combine(folder.FullName, "host.json")) && Directory.Exists(azurite))
                return folder.FullName;
        }

        return null;
    }
}

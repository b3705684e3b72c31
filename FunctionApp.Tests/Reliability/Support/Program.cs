namespace PointWebhooks.Tests.Reliability.Support;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not ["host", .. var arguments])
        {
            await Console.Error.WriteLineAsync(
                "These are tests: run them with `dotnet test`. They start this program as `host` to have a process to kill.");
            return 1;
        }

        await ChildHost.RunAsync(ChildArguments.Parse(arguments));
        return 0;
    }
}

using PointWebhooks.Tests.Reliability.Support;

if (args is not ["host", .. var arguments])
{
    Console.Error.WriteLine("These are tests: run them with `dotnet test`. They start this program as `host` to have a process to kill.");
    return 1;
}

await ChildHost.RunAsync(ChildArguments.Parse(arguments));
return 0;

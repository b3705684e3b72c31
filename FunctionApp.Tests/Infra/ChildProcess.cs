using CliWrap;
using CliWrap.Buffered;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Infra;

/// <summary>Runs a program to its end.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);

    /// <summary>Runs a program and returns what it said; ends it when it takes too long.</summary>
    public static async Task<Result> RunAsync(
        string folder,
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string input = "")
    {
        RealParts.Need("a process");
        using var deadline = new CancellationTokenSource(Deadline);
        var result = await Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(folder)
            .WithEnvironmentVariables(set =>
            {
                foreach (var (name, value) in environment ?? new Dictionary<string, string>())
                    set.Set(name, value);
            })
            .WithStandardInputPipe(PipeSource.FromString(input))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(deadline.Token);
        return new Result(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    /// <summary>How a program ended, and what it said.</summary>
    public sealed record Result(int ExitCode, string Output, string Error);
}

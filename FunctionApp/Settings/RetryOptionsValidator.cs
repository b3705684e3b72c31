using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>Says at start what is wrong in section <c>Retry</c>.</summary>
public sealed class RetryOptionsValidator : IValidateOptions<RetryOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    // A queue hides a message for seven days at most.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(6);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RetryOptions options)
    {
        var failures = options.Pauses
            .Select((pause, i) => (pause, i))
            .Where(entry => entry.pause < Shortest || entry.pause > Longest)
            .Select(entry =>
                $"Retry:Schedule:{entry.i} is {entry.pause}. "
                + "Set it to a time from 00:00:01 to 6.00:00:00, such as 00:05:00 for five minutes.")
            .ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}

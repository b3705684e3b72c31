using Microsoft.Extensions.Options;

namespace PointWebhooks.Settings;

/// <summary>Says at start what is wrong in section <c>Ledger</c>.</summary>
public sealed class LedgerOptionsValidator : IValidateOptions<LedgerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LedgerOptions options) =>
        options.RetentionDays is >= 1 and <= 3650
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Ledger:RetentionDays is {options.RetentionDays}. Set it to a number of days from 1 to 3650; 90 is the default.");
}

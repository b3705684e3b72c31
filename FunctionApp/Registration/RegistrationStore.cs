using Azure.Data.Tables;
using PointWebhooks.Storage;

namespace PointWebhooks.Registration;

/// <summary>
/// Keeps the result of the last run of the registration, in a row beside the events, so that it is the same on every instance and
/// after every restart.
/// </summary>
internal sealed class RegistrationStore(PointTable table)
{
    private static readonly RowAddress Row = new("registration", "last");
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>The last run, or null when there was none, or none that this version can read.</summary>
    /// <exception cref="Azure.RequestFailedException">Storage refused, or did not answer.</exception>
    public async Task<RegistrationResult?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await table.FindAsync(Row, null, Budget, cancellationToken) is not { } row
            || row.ValueOf<string>(nameof(RegistrationResult.Result)) is not { } result)
        {
            return null;
        }

        return new RegistrationResult(
            row.ValueOf<DateTimeOffset?>(nameof(RegistrationResult.At)) ?? default,
            result,
            row.ValueOf<string>(nameof(RegistrationResult.Url)) ?? "",
            row.ValueOf<DateTimeOffset?>(nameof(RegistrationResult.RegisteredSince)),
            row.ValueOf<bool?>(nameof(RegistrationResult.CanList)),
            row.ValueOf<string>(nameof(RegistrationResult.Error)),
            row.ValueOf<string>(nameof(RegistrationResult.IneffectiveRepair)))
        {
            Version = row.ValueOf<string>(nameof(RegistrationResult.Version)),
        };
    }

    /// <summary>Keeps a run in place of the one before.</summary>
    /// <exception cref="Azure.RequestFailedException">Storage refused, or did not answer.</exception>
    public Task WriteAsync(RegistrationResult result)
    {
        var row = new TableEntity(Row.PartitionKey, Row.RowKey)
        {
            [nameof(result.At)] = result.At,
            [nameof(result.Result)] = result.Result,
            [nameof(result.Url)] = result.Url,
            [nameof(result.RegisteredSince)] = result.RegisteredSince,
            [nameof(result.CanList)] = result.CanList,
            [nameof(result.Error)] = result.Error,
            [nameof(result.IneffectiveRepair)] = result.IneffectiveRepair,
            [nameof(result.Version)] = result.Version,
        };
        return table.WriteAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)], Budget);
    }
}

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
            || Value<string>(row, nameof(RegistrationResult.Result)) is not { } result)
        {
            return null;
        }

        return new RegistrationResult(
            Value<DateTimeOffset?>(row, nameof(RegistrationResult.At)) ?? default,
            result,
            Value<string>(row, nameof(RegistrationResult.Url)) ?? "",
            Value<DateTimeOffset?>(row, nameof(RegistrationResult.RegisteredSince)),
            Value<bool?>(row, nameof(RegistrationResult.CanList)),
            Value<string>(row, nameof(RegistrationResult.Error)),
            Value<string>(row, nameof(RegistrationResult.IneffectiveRepair)));
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
        };
        return table.WriteAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)], Budget);
    }

    // A column of another type, as an edit by hand or another version may leave it, counts as missing.
    private static T? Value<T>(TableEntity row, string column) => row.TryGetValue(column, out var value) && value is T typed ? typed : default;
}

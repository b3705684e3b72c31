using Azure.Data.Tables;
using PointWebhooks.Ledger;

namespace PointWebhooks.Registration;

/// <summary>
/// Keeps what came of the last run of the registration, in a row beside the events, so that it is the same on every instance and
/// after every restart.
/// </summary>
public sealed class RegistrationLog(LedgerTable table)
{
    private static readonly LedgerKey Row = new("registration", "last");

    /// <summary>The last run, or null when there was none.</summary>
    /// <exception cref="Azure.RequestFailedException">The storage refused, or did not answer.</exception>
    public async Task<RegistrationRecord?> ReadAsync(CancellationToken cancellationToken) =>
        await table.FindAsync(Row, null, cancellationToken) is { } row
            ? new RegistrationRecord(
                row.GetDateTimeOffset(nameof(RegistrationRecord.At)) ?? default,
                row.GetString(nameof(RegistrationRecord.Result)),
                row.GetString(nameof(RegistrationRecord.Url)),
                row.GetDateTimeOffset(nameof(RegistrationRecord.RegisteredSince)),
                row.GetBoolean(nameof(RegistrationRecord.CanList)),
                row.GetString(nameof(RegistrationRecord.Error)),
                row.GetString(nameof(RegistrationRecord.VainRepair)))
            : null;

    /// <summary>Keeps a run in place of the one before.</summary>
    /// <exception cref="Azure.RequestFailedException">The storage refused, or did not answer.</exception>
    public Task WriteAsync(RegistrationRecord record, CancellationToken cancellationToken)
    {
        var row = new TableEntity(Row.PartitionKey, Row.RowKey)
        {
            [nameof(record.At)] = record.At,
            [nameof(record.Result)] = record.Result,
            [nameof(record.Url)] = record.Url,
            [nameof(record.RegisteredSince)] = record.RegisteredSince,
            [nameof(record.CanList)] = record.CanList,
            [nameof(record.Error)] = record.Error,
            [nameof(record.VainRepair)] = record.VainRepair,
        };
        return table.WriteAsync([new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)], cancellationToken);
    }
}

using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using PointWebhooks.Storage;

namespace PointWebhooks.Pausing;

/// <summary>
/// Keeps which handlers are paused, a row for each beside the events, so that it is the same on every instance and after every restart.
/// </summary>
internal sealed class PauseStore(PointTable table, TimeProvider time)
{
    private const string Partition = "pauses";

    // Far more than an app has handlers.
    private const int MostRows = 1000;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>The paused handlers, by name.</summary>
    /// <exception cref="RequestFailedException">Storage refused, or did not answer.</exception>
    /// <exception cref="TimeoutException">Storage did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, HandlerPause>> ReadAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        // Hexadecimal digits, so the keys end before a g.
        var rows = await table.RangeAsync(Partition, "0", "g", MostRows, null, budget, cancellationToken);
        return rows.Select(Read).OfType<HandlerPause>().ToDictionary(pause => pause.Handler, StringComparer.Ordinal);
    }

    /// <summary>Pauses a handler; one that is paused stays as it is.</summary>
    /// <param name="by">Who asks for it, or null where that is not known.</param>
    /// <returns>Whether it was not paused before, as far as is known.</returns>
    public async Task<bool> AddAsync(string handler, string? by)
    {
        var row = new TableEntity(Partition, KeyOf(handler))
        {
            [nameof(HandlerPause.Handler)] = handler,
            [nameof(HandlerPause.Since)] = time.GetUtcNow(),
            [nameof(HandlerPause.By)] = by,
        };
        try
        {
            await table.WriteAsync([new TableTransactionAction(TableTransactionActionType.Add, row)], Budget);
            return true;
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Resumes a handler.</summary>
    /// <returns>Whether it was paused before, as far as is known.</returns>
    public Task<bool> RemoveAsync(string handler) => table.DeleteAsync(new RowAddress(Partition, KeyOf(handler)), Budget);

    // A handler may have any name, a row key not.
    private static string KeyOf(string handler) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(handler)));

    private static HandlerPause? Read(TableEntity row) =>
        row.ValueOf<string>(nameof(HandlerPause.Handler)) is { } handler && KeyOf(handler) == row.RowKey
            ? new HandlerPause(
                handler,
                row.ValueOf<DateTimeOffset?>(nameof(HandlerPause.Since)) ?? default,
                row.ValueOf<string>(nameof(HandlerPause.By)))
            : null;
}

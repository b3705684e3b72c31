using Azure.Data.Tables;

namespace PointWebhooks.Storage;

/// <summary>Reads columns whose loss stops nothing.</summary>
internal static class ForgivingColumns
{
    /// <summary>
    /// The value of a column, or the default: one of another type, as an edit by hand or another version may leave it, counts as missing.
    /// </summary>
    public static T? ValueOf<T>(this TableEntity row, string column) =>
        row.TryGetValue(column, out var value) && value is T typed ? typed : default;
}

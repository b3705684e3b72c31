namespace PointWebhooks.Storage;

/// <summary>Where a row is in a table.</summary>
public readonly record struct RowAddress(string PartitionKey, string RowKey);

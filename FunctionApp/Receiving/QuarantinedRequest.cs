namespace PointWebhooks.Receiving;

/// <summary>A request that could not be verified when it came.</summary>
/// <param name="RowKey">Its row.</param>
/// <param name="Claimed">The signature it claims.</param>
/// <param name="Body">Its body, unread.</param>
/// <param name="ReceivedAt">When it was received, in UTC.</param>
public sealed record QuarantinedRequest(string RowKey, ClaimedSignature Claimed, ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt);

namespace PointWebhooks.Operations;

/// <summary>A part of the status that could not be found out.</summary>
/// <param name="Part">Which.</param>
/// <param name="Why">Why not, in a few words.</param>
public sealed record UnknownPart(string Part, string Why);

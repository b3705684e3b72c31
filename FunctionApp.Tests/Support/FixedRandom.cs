namespace PointWebhooks.Tests.Support;

/// <summary>Chance that always falls the same way.</summary>
/// <param name="value">What it gives, from 0 to 1.</param>
internal sealed class FixedRandom(double value) : Random
{
    public override double NextDouble() => value;
}

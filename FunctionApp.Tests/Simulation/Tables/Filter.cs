namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>A <c>$filter</c>.</summary>
internal abstract record Filter
{
    /// <summary>Whether an entity passes it.</summary>
    public abstract bool Matches(SimulatedEntity entity);

    /// <summary>Comparisons that every entity passing it passes.</summary>
    public virtual IEnumerable<Comparison> Conjuncts() => [];

    internal sealed record And(Filter Left, Filter Right) : Filter
    {
        public override bool Matches(SimulatedEntity entity) => Left.Matches(entity) && Right.Matches(entity);

        public override IEnumerable<Comparison> Conjuncts() => Left.Conjuncts().Concat(Right.Conjuncts());
    }

    internal sealed record Or(Filter Left, Filter Right) : Filter
    {
        public override bool Matches(SimulatedEntity entity) => Left.Matches(entity) || Right.Matches(entity);
    }

    internal sealed record Not(Filter Inner) : Filter
    {
        public override bool Matches(SimulatedEntity entity) => !Inner.Matches(entity);
    }

    /// <summary>A property compared with a constant; an entity without the property, or with one of another type, does not match.</summary>
    internal sealed record Comparison(string Property, string Operator, object Value) : Filter
    {
        public bool IsLowerBound => Operator is "eq" or "ge" or "gt";

        public bool IsUpperBound => Operator is "eq" or "le" or "lt";

        public override IEnumerable<Comparison> Conjuncts() => [this];

        public override bool Matches(SimulatedEntity entity) => Compare(entity.Value(Property), Value) is { } order && Operator switch
        {
            "eq" => order == 0,
            "ne" => order != 0,
            "lt" => order < 0,
            "le" => order <= 0,
            "gt" => order > 0,
            "ge" => order >= 0,
            _ => throw TableErrors.InvalidInput($"Unknown operator {Operator}."),
        };

        private static int? Compare(object? left, object right) => (left, right) switch
        {
            (string a, string b) => string.CompareOrdinal(a, b),
            (int or long, int or long) => Convert.ToInt64(left, null).CompareTo(Convert.ToInt64(right, null)),
            (int or long or double, int or long or double) => Convert.ToDouble(left, null).CompareTo(Convert.ToDouble(right, null)),
            (bool a, bool b) => a.CompareTo(b),
            (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
            (Guid a, Guid b) => a.CompareTo(b),
            (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
            _ => null,
        };
    }
}

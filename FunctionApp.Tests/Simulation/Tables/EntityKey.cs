namespace PointWebhooks.Tests.Simulation.Tables;

/// <summary>The address of an entity. Keys are ordered by their UTF-16 code units, first the partition's.</summary>
internal readonly record struct EntityKey(string Partition, string Row) : IComparable<EntityKey>
{
    /// <summary>Before every key.</summary>
    public static readonly EntityKey First = new("", "");

    // No key is as long: a key has 1 KiB at most.
    private static readonly string Last = new('\uffff', 1025);

    /// <summary>After every key.</summary>
    public static readonly EntityKey End = new(Last, Last);

    /// <summary>The keys between two, both included, in as far as a filter bounds them; it may let others through.</summary>
    public static (EntityKey From, EntityKey Until) Range(Filter? filter)
    {
        var (lower, upper) = (First, End);
        foreach (var comparison in filter?.Conjuncts() ?? [])
        {
            if (comparison is { Property: "PartitionKey", Value: string partition })
            {
                lower = comparison.IsLowerBound ? lower with { Partition = partition } : lower;
                upper = comparison.IsUpperBound ? upper with { Partition = partition } : upper;
            }

            if (comparison is { Property: "RowKey", Value: string row })
            {
                lower = comparison.IsLowerBound ? lower with { Row = row } : lower;
                upper = comparison.IsUpperBound ? upper with { Row = row } : upper;
            }
        }

        // A bound of the row key holds in each partition, so that of several it bounds none.
        return lower.Partition == upper.Partition ? (lower, upper) : (lower with { Row = "" }, upper with { Row = Last });
    }

    public static bool operator >(EntityKey left, EntityKey right) => left.CompareTo(right) > 0;

    public static bool operator <(EntityKey left, EntityKey right) => left.CompareTo(right) < 0;

    public static bool operator >=(EntityKey left, EntityKey right) => left.CompareTo(right) >= 0;

    public static bool operator <=(EntityKey left, EntityKey right) => left.CompareTo(right) <= 0;

    public int CompareTo(EntityKey other)
    {
        var partition = string.CompareOrdinal(Partition, other.Partition);
        return partition != 0 ? partition : string.CompareOrdinal(Row, other.Row);
    }
}

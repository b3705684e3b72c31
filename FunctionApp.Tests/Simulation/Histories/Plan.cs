using PointWebhooks.Simulator;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What a history is made of, as its seed has it.</summary>
internal sealed class Plan
{
    /// <param name="seed">The seed.</param>
    /// <param name="hasHandlers">Whether the handlers are those of settings.</param>
    public Plan(int seed, bool hasHandlers)
    {
        Random = new Random(seed);
        // One in four is calm: nothing fails but handlers, so that nothing excuses a second effect.
        IsCalm = Random.Next(4) == 0;
        Events = Random.Next(1, 5);
        Instances = Random.Next(1, 4);
        TroubleLasts = TimeSpan.FromMinutes(Random.Next(2, 9));
        FaultRate = IsCalm ? 0 : Pick(0, 0.01, 0.05, 0.15);
        Kills = IsCalm ? 0 : Random.Next(0, 5);
        Outages = IsCalm ? 0 : Random.Next(0, 3);
        Redeliveries = Random.Next(2) * 0.1;
        LongestSkew = TimeSpan.FromSeconds(Pick(0, 1, 4));
        ScanLimit = Pick(int.MaxValue, 4);
        IsPurged = Random.Next(3) == 0;
        IsReplayed = Random.Next(3) == 0;
        FetchesKey = Random.Next(3) > 0;
        VendorFaultRate = IsCalm ? 0 : Pick(0, 0.1, 0.3);
        VendorOutages = IsCalm ? 0 : Random.Next(0, 3);
        KeyChanges = Random.Next(0, 3);
        Forgeries = Random.Next(0, 4);
        Damages = Pick(0, 0, 1, 3);
        IsErased = Random.Next(5) == 0;
        SecondPost = Pick(SecondPost.Updates, SecondPost.Duplicates, SecondPost.IsIgnored, SecondPost.Fails);
        Pauses = Pick(0, 0, 1, 2);
        HasHandlers = hasHandlers;
        if (!hasHandlers)
            return;
        SearchLag = TimeSpan.FromSeconds(Pick(0, 20, 240, 290));
        RefusalRate = Pick(0, 0.03, 0.1);
        SystemFaultRate = IsCalm ? 0 : Pick(0, 0.05, 0.15);
        LatestEffect = TimeSpan.FromSeconds(Pick(20, 20, 20, 90));
    }

    /// <summary>The source of everything that is left to chance.</summary>
    public Random Random { get; }

    /// <summary>Whether storage never fails and no process dies.</summary>
    public bool IsCalm { get; }

    public int Events { get; }

    public int Instances { get; }

    /// <summary>How long things go wrong.</summary>
    public TimeSpan TroubleLasts { get; }

    /// <summary>The share of storage calls that meet a fault.</summary>
    public double FaultRate { get; }

    /// <summary>How many instances die or are stopped.</summary>
    public int Kills { get; }

    /// <summary>How many times storage is away for a while.</summary>
    public int Outages { get; }

    /// <summary>The share of receipts from a queue that leave the messages visible.</summary>
    public double Redeliveries { get; }

    /// <summary>How far the clocks of instances are off at most.</summary>
    public TimeSpan LongestSkew { get; }

    /// <summary>How many rows a page of a query looks at.</summary>
    public int ScanLimit { get; }

    /// <summary>Whether the retention passes in between, and everything is sent again after it.</summary>
    public bool IsPurged { get; }

    /// <summary>Whether an operator replays events in between.</summary>
    public bool IsReplayed { get; }

    /// <summary>Whether instances fetch the signature key, or have it in their settings.</summary>
    public bool FetchesKey { get; }

    /// <summary>The share of calls of Syskit Point that meet a fault.</summary>
    public double VendorFaultRate { get; }

    /// <summary>How many times Syskit Point is away for a while.</summary>
    public int VendorOutages { get; }

    /// <summary>How many times the signature key changes, where it is fetched.</summary>
    public int KeyChanges { get; }

    /// <summary>How many forged events are sent.</summary>
    public int Forgeries { get; }

    /// <summary>How many rows are damaged by others.</summary>
    public int Damages { get; }

    /// <summary>Whether an operator erases events in between.</summary>
    public bool IsErased { get; }

    /// <summary>How many times an operator pauses a handler, and resumes it later.</summary>
    public int Pauses { get; }

    /// <summary>What registering an endpoint again does.</summary>
    public SecondPost SecondPost { get; }

    /// <summary>Whether the handlers are those of settings, which call systems of their own; else they are simulated.</summary>
    public bool HasHandlers { get; }

    /// <summary>How far Jira's search is behind.</summary>
    public TimeSpan SearchLag { get; }

    /// <summary>The share of calls to those systems that are refused.</summary>
    public double RefusalRate { get; }

    /// <summary>The share of calls to those systems that meet a fault, of which some are after the effect.</summary>
    public double SystemFaultRate { get; }

    /// <summary>How long after it was sent a call may have its effect; its sender waits 20 seconds.</summary>
    public TimeSpan LatestEffect { get; }

    /// <summary>A time up to a limit.</summary>
    public TimeSpan UpTo(TimeSpan longest) => longest * Random.NextDouble();

    /// <summary>Whether something of a probability is so.</summary>
    public bool Happens(double probability) => Random.NextDouble() < probability;

    /// <summary>One of several.</summary>
    public T Pick<T>(params ReadOnlySpan<T> several) => several[Random.Next(several.Length)];
}

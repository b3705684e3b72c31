using PointWebhooks.PointApi;
using PointWebhooks.Registration;
using PointWebhooks.Storage;
using PointWebhooks.Tests.Simulation.Scheduling;

namespace PointWebhooks.Tests.Simulation.Histories;

/// <summary>What all parts of a history share.</summary>
internal sealed class World
{
    public World(int seed, bool hasHandlers)
    {
        Plan = new Plan(seed, hasHandlers);
        Trouble = new Trouble(Plan, Timeline.Now);
        Storage = new SimulatedStorage(new VirtualTime(Timeline, new SimulatedProcess(Timeline, "storage")));
        KnownLedger.Create(Storage);
        Ledger = new KnownLedger(Storage);
        Storage.Tables.ScanLimit = Plan.ScanLimit;
        Storage.Tables.Written += (before, after) =>
        {
            if (KnownLedger.LosesOpenEvent(before, after))
                Faults.Add($"lost: at {Timeline.Now:HH:mm:ss} the content of {before!.Key.Row} was removed, or the row, and nothing had finished it");
        };
        Storage.Queues.Sent += (_, message) => Messages.Add(KnownLedger.EventOf(message.Text));
        Downstream = new Downstream(this);
        if (hasHandlers)
            Systems = new CalledSystems(this, new VirtualTime(Timeline, new SimulatedProcess(Timeline, "systems")));
        Vendor = new Vendor(this);
        Damage = new Damage(this);
    }

    public Plan Plan { get; }

    public Timeline Timeline { get; } = new();

    /// <summary>What goes wrong with storage now.</summary>
    public Trouble Trouble { get; set; }

    public SimulatedStorage Storage { get; }

    public KnownLedger Ledger { get; }

    public Downstream Downstream { get; }

    /// <summary>What the configured handlers call, where there are such.</summary>
    public CalledSystems? Systems { get; }

    public Vendor Vendor { get; }

    public Damage Damage { get; }

    /// <summary>The events of all messages that were sent.</summary>
    public List<EventName> Messages { get; } = [];

    /// <summary>When operators replayed an event.</summary>
    public List<(EventName Event, bool IncludesCompleted, DateTimeOffset At)> Replays { get; } = [];

    /// <summary>The pauses of handlers that were acknowledged to an operator.</summary>
    public List<Pause> Pauses { get; } = [];

    /// <summary>Failures of functions that nothing in a history explains.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Notes that a function failed: what storage, Syskit Point or a shutdown did not cause is a fault.</summary>
    public void NoteFailure(string who, string function, Exception e)
    {
        Note(who, $"{function} failed: {e.GetType().Name}");
        if (!StorageFailure.Is(e) && e is not (OperationCanceledException or PointApiException or RegistrationException))
            Faults.Add($"failed: {function} with {e.GetType().Name}: {e.Message}");
    }

    public void Note(string who, string what) => Timeline.Trace.Add(Timeline.Now, who, what);
}

/// <summary>A pause of a handler.</summary>
/// <param name="Handler">The handler's name.</param>
/// <param name="From">When it was acknowledged.</param>
internal sealed record Pause(string Handler, DateTimeOffset From)
{
    /// <summary>When an operator first asked to resume it, or null before.</summary>
    public DateTimeOffset? Until { get; set; }
}

/// <summary>What makes an event one and the same.</summary>
internal sealed record EventName(string Type, string Key) : IComparable<EventName>
{
    public int CompareTo(EventName? other) => string.CompareOrdinal($"{Key} {Type}", $"{other?.Key} {other?.Type}");
}

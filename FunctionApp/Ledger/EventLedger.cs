using Azure;
using PointWebhooks.Telemetry;

namespace PointWebhooks.Ledger;

internal enum ClaimOutcome
{
    /// <summary>The event is this processor's until its lease ends.</summary>
    Claimed,

    /// <summary>
    /// Likewise, and the instance that had it is gone: its lease ended before its work did, so that its attempt has failed. An event
    /// that brings its processor down each time must end.
    /// </summary>
    TakenOver,

    /// <summary>Another processor holds the lease.</summary>
    Leased,

    /// <summary>Its last attempt failed, and the next one is not due yet: it has a message of its own.</summary>
    TooEarly,

    /// <summary>It is completed, dead or forgotten: there is nothing to do.</summary>
    Finished,

    /// <summary>The ledger does not know it.</summary>
    Unknown,

    /// <summary>This version cannot read its row.</summary>
    Unreadable,
}

/// <summary>
/// The truth about every event: whether it was seen before, how far it got, who works on it. Only its holder changes an event that
/// is claimed, through the <see cref="EventLease"/>.
/// </summary>
internal sealed class EventLedger(LedgerReader reader, LedgerWriter writer, TimeProvider time, Random random)
{
    /// <summary>What the history says of a replay for all handlers.</summary>
    public const string Replayed = "replayed";

    /// <summary>How long a claim lasts unless it is renewed: what a crashed processor costs an event at most.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(1);

    /// <summary>How long after its receipt an event's message should have been picked up, unless there is a backlog.</summary>
    public static readonly TimeSpan PickUpTime = TimeSpan.FromMinutes(2);

    // A message that comes at its time may come before it by this clock: queues count whole seconds, by a clock of their own.
    private static readonly TimeSpan EarlyArrival = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadBudget = TimeSpan.FromSeconds(10);

    // Changes that others make meanwhile, such as notes, come in bursts and end.
    private static readonly TimeSpan ClaimBudget = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestClaimPause = TimeSpan.FromMilliseconds(200);

    /// <summary>An event as it is before its insert.</summary>
    /// <param name="keptAt">When it is inserted: later than received, for one that was quarantined.</param>
    public static LedgerEvent New(string type, string idempotencyKey, DateTimeOffset receivedAt, DateTimeOffset keptAt) =>
        new LedgerEvent
        {
            IdempotencyKey = idempotencyKey,
            Type = type,
            State = EventState.Received,
            ReceivedAt = LedgerWriter.Rounded(receivedAt),
            CheckAt = LedgerWriter.Rounded(keptAt) + PickUpTime,
        }.Noting(LedgerWriter.Rounded(keptAt));

    /// <summary>
    /// Keeps a new event. The insert is the dedupe: a second event of the type with the key is a duplicate, whatever happens at once.
    /// </summary>
    /// <returns>The result, and the version of the inserted row.</returns>
    public Task<(InsertOutcome Outcome, ETag ETag)> InsertAsync(LedgerEvent received, ReadOnlyMemory<byte> body) =>
        writer.InsertAsync(received, body);

    public Task<(Finding Finding, LedgerEvent? Event, string? Why)> FindAsync(
        EventId id, bool withBody, CancellationToken cancellationToken) =>
        reader.FindAsync(id, withBody, ReadBudget, cancellationToken);

    /// <summary>Takes an event up for processing. Only one claim succeeds until its lease ends.</summary>
    /// <param name="inserted">The event as its message carries it, with the version of its insert, to be claimed unread; or null.</param>
    /// <param name="withBody">Whether the body is to be read where the event is.</param>
    /// <param name="stopping">Told when the app shuts down: ends the reading and the lease, but never the write of a claim.</param>
    /// <exception cref="TimeoutException">Others changed the event each time, and none of them claimed it: its message must come again.</exception>
    public async Task<(ClaimOutcome Outcome, EventLease? Lease)> ClaimAsync(
        EventId id, LedgerEvent? inserted, bool withBody, CancellationToken stopping)
    {
        if (inserted is not null && await TryClaimAsync(inserted) is { } unread)
            return (ClaimOutcome.Claimed, new EventLease(writer, unread, time, stopping));

        var started = time.GetTimestamp();
        while (true)
        {
            var (finding, current, _) = await FindAsync(id, withBody, stopping);
            if (current is null)
                return (Without(finding), null);
            if (!current.IsOpen)
                return (ClaimOutcome.Finished, null);
            if (current.IsLeasedAt(writer.Now))
                return (ClaimOutcome.Leased, null);
            // Of two messages each would start an attempt and a message of the next: the schedule would pass in half its time.
            if (current.NotBefore - EarlyArrival > writer.Now)
                return (ClaimOutcome.TooEarly, null);
            if (await TryClaimAsync(current) is { } claimed)
            {
                return (
                    current.State == EventState.Processing ? ClaimOutcome.TakenOver : ClaimOutcome.Claimed,
                    new EventLease(writer, claimed, time, stopping));
            }

            if (time.GetElapsedTime(started) > ClaimBudget)
                throw new TimeoutException($"The event {id} was changed by others each time that it was to be claimed.");
            await Task.Delay(LongestClaimPause * random.NextDouble(), time, stopping);
        }
    }

    /// <summary>
    /// Lets an event, whose message was sent, wait some time before the relay looks at it again; nothing happens when it was changed since
    /// it was read. It does not wait for a paused handler any more: that is found out anew.
    /// </summary>
    /// <param name="note">What the history says of it. Said again and again of one that waits, it is kept once.</param>
    public Task PostponeAsync(LedgerEvent read, TimeSpan wait, string? note = null)
    {
        var noted = note is null || (read.History is [.., { } last] && last.Detail == note) ? read : read.Noting(writer.Now, note);
        return PutOffAsync(read, noted with { WaitsFor = [] }, wait);
    }

    /// <summary>Lets an event go on waiting for its paused handlers; nothing happens when it was changed since it was read.</summary>
    public Task WaitOnAsync(LedgerEvent read, TimeSpan wait) => PutOffAsync(read, read, wait);

    /// <summary>
    /// Notes something in the history of an event, once; nothing happens while it is processed or waits for it, or when another writer changes
    /// it at the same time: a note must not change it under its holder, nor be what keeps one from it.
    /// </summary>
    /// <param name="what">What is noted once, such as <c>sent again</c>.</param>
    /// <param name="detail">What else is said of it.</param>
    public async Task NoteAsync(EventId id, string what, string detail)
    {
        if (await reader.FindAsync(id, withBody: false, ReadBudget) is not { Event: { } read }
            || read.State is EventState.Received or EventState.Processing
            || read.History.Any(step => step.Detail?.StartsWith(what, StringComparison.Ordinal) == true))
        {
            return;
        }

        try
        {
            await writer.ChangeAsync(read, read.Noting(writer.Now, what + detail), LedgerWriter.ChangeBudget);
        }
        catch (LeaseLostException)
        {
            // The log has it, too.
        }
    }

    /// <summary>
    /// Opens a finished event again, with its full retry budget. Handlers that had finished a dead event are not run again, those
    /// of a completed one are.
    /// </summary>
    /// <param name="by">Who asked for it, or null where that is not known.</param>
    /// <returns>The event as it is open, or null when another writer changed it since it was read.</returns>
    public Task<LedgerEvent?> ReopenAsync(LedgerEvent finished, string? by = null) => ReopenAsync(
        finished,
        finished with { GivenUp = [], Done = finished.State == EventState.Completed ? [] : finished.Done },
        Replayed,
        by);

    /// <summary>
    /// Opens a finished event again for one handler, whether that had finished or not. The others stay as they are: a dead event that another
    /// handler has not finished is dead again afterwards; of a completed one those count as finished that it never had, such as one that was
    /// configured since.
    /// </summary>
    /// <param name="handlers">The names of all handlers that would run.</param>
    /// <param name="by">Who asked for it, or null where that is not known.</param>
    /// <returns>The event as it is open, or null when another writer changed it since it was read.</returns>
    public Task<LedgerEvent?> ReopenForAsync(LedgerEvent finished, string handler, IEnumerable<string> handlers, string? by)
    {
        var done = finished.Done.RemoveAll(name => name == handler);
        var reopened = finished.State == EventState.Completed
            ? finished with { Done = [.. done.Union(handlers.Where(name => name != handler))], GivenUp = [] }
            : finished with { Done = done, GivenUp = [.. handlers.Union(finished.GivenUp).Except(done).Where(name => name != handler)] };
        return ReopenAsync(finished, reopened, $"replayed for {handler} only", by);
    }

    /// <summary>Gives an open event up that nobody processes just now.</summary>
    /// <param name="by">Who asked for it, or null where that is not known.</param>
    /// <returns>The event as it is dead, or null when it is being processed or another writer changed it since it was read.</returns>
    public async Task<LedgerEvent?> GiveUpAsync(LedgerEvent open, string? by)
    {
        if (!open.IsOpen || open.State == EventState.Processing)
            return null;
        var now = writer.Now;
        var dead = open with
        {
            State = EventState.Dead,
            FinishedAt = now,
            NotBefore = null,
            WaitsFor = [],
            LastError = open.LastError ?? "Given up on request before its first attempt.",
        };
        return await TryAsync(() => writer.ChangeAsync(open, dead.Noting(now, "given up on request", by: by), LedgerWriter.ChangeBudget));
    }

    /// <summary>Removes the content of a finished event and leaves its id, so that it never takes effect again.</summary>
    /// <returns>Whether it did: not when another writer changed the event since it was read.</returns>
    public async Task<bool> ForgetAsync(LedgerEvent finished)
    {
        try
        {
            await writer.ForgetAsync(finished, LedgerWriter.ChangeBudget);
            return true;
        }
        catch (LeaseLostException)
        {
            return false;
        }
    }

    // Nothing where it is being processed.
    private Task<LedgerEvent?> PutOffAsync(LedgerEvent read, LedgerEvent to, TimeSpan wait) =>
        TryAsync(() => writer.ChangeAsync(read, to with { CheckAt = writer.Now + wait }, LedgerWriter.ChangeBudget));

    private Task<LedgerEvent?> ReopenAsync(LedgerEvent finished, LedgerEvent reopened, string detail, string? by)
    {
        var now = writer.Now;
        var open = reopened with { State = EventState.Received, CheckAt = now + PickUpTime, FinishedAt = null, Attempts = 0 };
        return TryAsync(() => writer.ChangeAsync(finished, open.Noting(now, detail, by: by), LedgerWriter.ChangeBudget));
    }

    private Task<LedgerEvent?> TryClaimAsync(LedgerEvent current)
    {
        var now = writer.Now;
        var claimed = current with { State = EventState.Processing, LeaseOwner = LedgerWriter.NewId(), LeaseUntil = now + LeaseTime };
        return TryAsync(() => writer.ChangeAsync(current, claimed.Noting(now, by: AppInstance.NameAndVersion), LedgerWriter.ChangeBudget));
    }

    private static async Task<LedgerEvent?> TryAsync(Func<Task<LedgerEvent>> change)
    {
        try
        {
            return await change();
        }
        catch (LeaseLostException)
        {
            return null;
        }
    }

    private static ClaimOutcome Without(Finding finding) => finding switch
    {
        Finding.Forgotten => ClaimOutcome.Finished,
        Finding.Unreadable => ClaimOutcome.Unreadable,
        _ => ClaimOutcome.Unknown,
    };
}

namespace PointWebhooks.Ledger;

/// <summary>How many events there are.</summary>
/// <param name="IsAtLeast">Whether there may be more: counting has its bounds.</param>
internal sealed record EventTally(int Count, bool IsAtLeast);

/// <summary>What a listing shows. Each part that is null shows all.</summary>
/// <param name="Type">The type, exactly.</param>
/// <param name="Key">The idempotency key, exactly.</param>
/// <param name="Name">The beginning of the workspace's name, in any case.</param>
/// <param name="Error">A part of what the last failed attempt said, in any case, in its first 300 characters.</param>
/// <param name="Cause">What the error has in common with others (<see cref="ErrorCause"/>).</param>
/// <param name="Since">Those that finished then or later.</param>
/// <param name="Until">Those that finished before.</param>
internal sealed record EventFilter(
    EventState? State = null,
    string? Type = null,
    string? Key = null,
    string? Name = null,
    string? Error = null,
    string? Cause = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null)
{
    /// <summary>The ranges of the index that hold its events, in the order in which they are listed; not those of a key.</summary>
    public IReadOnlyList<IndexRange> Ranges
    {
        get
        {
            List<IndexRange> ranges = [];
            if (Groups.Contains(EventIndex.Open) && Since is null && Until is null)
                ranges.Add(EventIndex.Opened(State is EventState.Processing ? null : State, Type, Name));
            var finished = Groups.Where(group => group != EventIndex.Open);
            if (Name is null)
                ranges.AddRange(finished.Select(group => EventIndex.Finished(group, Type, Since, Until)));
            else if (finished.Any())
                ranges.Add(EventIndex.Named(Name));
            return ranges;
        }
    }

    /// <summary>Whether the index alone says which events it is about.</summary>
    public bool IsIndexed => Key is null && Error is null && Cause is null && State != EventState.Processing
        && (Name is null || (State is null && Type is null && Since is null && Until is null && EventIndex.TellsApart(Name)));

    private IReadOnlyList<string> Groups =>
        State is { } one ? [EventIndex.GroupOf(one)] : [EventIndex.Open, EventIndex.Dead, EventIndex.Done];

    /// <summary>Whether it shows an event.</summary>
    public bool Matches(EventSummary summary) =>
        (State is null || summary.State == State)
        && (Type is null || summary.Type == Type)
        && (Name is null || summary.WorkspaceName?.Trim().StartsWith(Name.Trim(), StringComparison.OrdinalIgnoreCase) == true)
        && (Error is null || summary.Error?.Contains(Error, StringComparison.OrdinalIgnoreCase) == true)
        && (Cause is null || summary.Cause == Cause)
        && (Since is null || summary.FinishedAt >= Since)
        && (Until is null || summary.FinishedAt < Until);
}

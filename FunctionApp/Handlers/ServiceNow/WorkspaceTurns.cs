using System.Threading.RateLimiting;

namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Lets one event of a workspace at a time through, in this instance of the app.</summary>
internal sealed class WorkspaceTurns
{
    private static readonly ConcurrencyLimiterOptions OneAtATime = new() { PermitLimit = 1, QueueLimit = int.MaxValue };

    private readonly Lock gate = new();
    private readonly Dictionary<string, (ConcurrencyLimiter Turns, int Users)> workspaces = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing the result ends it.</summary>
    public async Task<IDisposable> TakeAsync(string workspace, CancellationToken cancellationToken)
    {
        ConcurrencyLimiter turns;
        lock (gate)
        {
            var (known, users) = workspaces.TryGetValue(workspace, out var waiting) ? waiting : (new ConcurrencyLimiter(OneAtATime), 0);
            workspaces[workspace] = (turns = known, users + 1);
        }

        try
        {
            return new Turn(this, workspace, await turns.AcquireAsync(1, cancellationToken));
        }
        catch
        {
            Leave(workspace);
            throw;
        }
    }

    private void Leave(string workspace)
    {
        lock (gate)
        {
            var (turns, users) = workspaces[workspace];
            if (users == 1)
                workspaces.Remove(workspace);
            else
                workspaces[workspace] = (turns, users - 1);
        }
    }

    private sealed class Turn(WorkspaceTurns all, string workspace, RateLimitLease turn) : IDisposable
    {
        public void Dispose()
        {
            turn.Dispose();
            all.Leave(workspace);
        }
    }
}

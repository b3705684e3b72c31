namespace PointWebhooks.Handlers.ServiceNow;

/// <summary>Lets one event of a workspace at a time through, in this instance of the app.</summary>
internal sealed class WorkspaceTurns
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (SemaphoreSlim Turn, int Users)> workspaces = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing the result ends it.</summary>
    public async Task<IDisposable> TakeAsync(string workspace, CancellationToken cancellationToken)
    {
        SemaphoreSlim turn;
        lock (gate)
        {
            var (known, users) = workspaces.GetValueOrDefault(workspace, (new SemaphoreSlim(1), 0));
            workspaces[workspace] = (turn = known, users + 1);
        }

        try
        {
            await turn.WaitAsync(cancellationToken);
            return new Turn(() => End(workspace, turn, wasTaken: true));
        }
        catch
        {
            End(workspace, turn, wasTaken: false);
            throw;
        }
    }

    private void End(string workspace, SemaphoreSlim turn, bool wasTaken)
    {
        if (wasTaken)
            turn.Release();
        lock (gate)
        {
            var users = workspaces[workspace].Users - 1;
            if (users == 0)
                workspaces.Remove(workspace);
            else
                workspaces[workspace] = (turn, users);
        }
    }

    private sealed class Turn(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}

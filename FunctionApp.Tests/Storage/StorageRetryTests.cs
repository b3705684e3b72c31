using Azure.Core;
using Azure.Data.Tables;
using PointWebhooks.Storage;
using PointWebhooks.Tests.LocalHost.Support;
using PointWebhooks.Tests.Simulation;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Storage;

/// <summary>Budgets of time for calls to storage, where the time goes to signing in.</summary>
internal sealed class StorageRetryTests
{
    private readonly RecordedTime time = new();

    [Test]
    public async Task A_token_endpoint_that_hangs_costs_the_budget_and_not_more()
    {
        var credential = new HangingCredential();
        var options = new TableClientOptions { Transport = new SimulatedStorage(time).Transport() };
        options.Retry.MaxRetries = 0;
        var table = new TableClient(new Uri($"https://{SimulatedStorage.TableHost}"), "events", credential, options);
        var retry = new StorageRetry(time, new Random(1));
        var budget = TimeSpan.FromSeconds(10);

        var call = retry.RunAsync(token => table.GetEntityAsync<TableEntity>("p", "r", cancellationToken: token), budget);
        // Each try and each pause is one wait, begun when the one before is over.
        for (var over = 0; !call.IsCompleted; over++)
        {
            await Eventually.TrueAsync(() => call.IsCompleted || time.Waits.Count > over, "the next wait begins");
            if (!call.IsCompleted)
                time.Advance(time.Waits[over]);
        }

        Assert.That(async () => await call.WaitAsync(TimeSpan.FromSeconds(30)), Throws.TypeOf<TimeoutException>());
        Assert.That(credential.Asked, Is.EqualTo(3), "a try of four seconds, another one, and what was left");
    }

    /// <summary>An identity endpoint that takes the connection and says nothing.</summary>
    private sealed class HangingCredential : TokenCredential
    {
        private int asked;

        public int Asked => asked;

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException("This app makes no synchronous calls.");

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref asked);
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return default;
        }
    }
}

using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

public sealed class EventLedgerTests
{
    private readonly TestLedger test = new();

    [Test]
    public async Task The_insert_is_the_dedupe()
    {
        var key = NewKey();
        Assert.That(await test.InsertAsync(key), Is.EqualTo(InsertOutcome.Inserted));
        Assert.That(await test.InsertAsync(key), Is.EqualTo(InsertOutcome.Duplicate));
        Assert.That(await test.InsertAsync(key, body: "{\"other\":1}"), Is.EqualTo(InsertOutcome.DuplicateWithOtherBody));
        Assert.That((await test.FindAsync(key)).Body!.Value.ToArray(), Is.EqualTo("{}"u8.ToArray()), "the first one stands");
    }

    [Test]
    public async Task Only_one_of_many_claims_at_once_succeeds()
    {
        var key = NewKey();
        await test.InsertAsync(key);
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => test.ClaimAsync(key)));
        Assert.That(claims.Count(claim => claim.Outcome == ClaimOutcome.Claimed), Is.EqualTo(1));
        Assert.That(claims.Count(claim => claim.Outcome == ClaimOutcome.Leased), Is.EqualTo(19));
    }

    [Test]
    public async Task A_lease_can_be_taken_over_when_it_has_expired_and_then_its_old_holder_can_write_no_more()
    {
        var key = NewKey();
        var old = await test.ClaimedAsync(key);
        test.Time.Advance(EventLedger.LeaseTime - TimeSpan.FromSeconds(1));
        Assert.That((await test.ClaimAsync(key)).Outcome, Is.EqualTo(ClaimOutcome.Leased));

        test.Time.Advance(TimeSpan.FromSeconds(1));
        var taken = await test.ClaimAsync(key);
        Assert.That(taken.Outcome, Is.EqualTo(ClaimOutcome.Claimed));
        Assert.That(() => old.CompleteAsync(null, CancellationToken.None), Throws.TypeOf<LeaseLostException>());
        Assert.That(() => old.RenewAsync(CancellationToken.None), Throws.TypeOf<LeaseLostException>());
        await taken.Lease!.CompleteAsync("Handler", CancellationToken.None);
        Assert.That((await test.FindAsync(key)).Done, Is.EqualTo(new[] { "Handler" }));
    }

    [Test]
    public async Task A_renewed_lease_is_not_taken_over()
    {
        var key = NewKey();
        var lease = await test.ClaimedAsync(key);
        test.Time.Advance(EventLedger.LeaseTime / 2);
        await lease.RenewAsync(CancellationToken.None);
        test.Time.Advance(EventLedger.LeaseTime * 0.9);
        Assert.That((await test.ClaimAsync(key)).Outcome, Is.EqualTo(ClaimOutcome.Leased));
    }

    [Test]
    public async Task A_finished_event_is_not_claimed_and_an_unknown_one_is_unknown()
    {
        var key = NewKey();
        await (await test.ClaimedAsync(key)).CompleteAsync(null, CancellationToken.None);
        Assert.That((await test.ClaimAsync(key)).Outcome, Is.EqualTo(ClaimOutcome.Finished));
        Assert.That((await test.ClaimAsync(NewKey())).Outcome, Is.EqualTo(ClaimOutcome.Unknown));
    }

    [Test]
    public async Task Every_event_has_one_index_row_of_its_present_state()
    {
        var ledger = new TestLedger();
        await ledger.InsertAsync("received");
        await (await ledger.ClaimedAsync("retrying")).RetryAsync("error", TimeSpan.FromMinutes(5), CancellationToken.None);
        await (await ledger.ClaimedAsync("dead")).DieAsync("error", CancellationToken.None);
        await (await ledger.ClaimedAsync("completed")).CompleteAsync(null, CancellationToken.None);

        var expected = new List<string>();
        foreach (var key in new[] { "received", "retrying", "dead", "completed" })
            expected.Add(IndexKey.Of(await ledger.FindAsync(key)));
        Assert.That(await ledger.IndexAsync(), Is.EquivalentTo(expected));
        Assert.That(expected.Select(row => row[..5]), Is.EqualTo(new[] { IndexKey.Open, IndexKey.Open, IndexKey.Dead, IndexKey.Done }));
    }

    [Test]
    public async Task A_history_longer_than_a_property_loses_its_middle_and_not_the_event()
    {
        var key = NewKey();
        await test.InsertAsync(key);
        for (var i = 0; i < 60; i++)
        {
            using var lease = (await test.ClaimAsync(key)).Lease!;
            // Escaped, each of these takes six characters.
            await lease.RetryAsync($"{i} {new string('\u6771', 40_000)}", TimeSpan.Zero, CancellationToken.None);
        }

        var found = await test.FindAsync(key);
        Assert.That(found.Attempts, Is.EqualTo(60));
        Assert.That(found.History[0].State, Is.EqualTo(EventState.Received));
        Assert.That(found.History[^1].Detail, Does.StartWith("59 "));
        Assert.That(found.LastError, Does.StartWith("59 "));
    }

    [Test]
    public async Task What_is_open_is_counted_and_what_is_overdue_is_named()
    {
        var ledger = new TestLedger();
        await ledger.InsertAsync("old");
        ledger.Time.Advance(EventLedger.PickUpTime);
        await ledger.InsertAsync("new");
        await (await ledger.ClaimedAsync("done")).CompleteAsync(null, CancellationToken.None);

        var open = await ledger.Ledger.OpenAsync(CancellationToken.None);
        Assert.That(open.Count, Is.EqualTo(2));
        Assert.That(open.OldestReceivedAt, Is.EqualTo(ledger.Time.GetUtcNow() - EventLedger.PickUpTime));
        Assert.That(open.Overdue.Select(one => one.IdempotencyKey), Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public async Task The_purge_removes_what_finished_before_a_time_and_nothing_else()
    {
        var ledger = new TestLedger();
        for (var i = 0; i < 5; i++)
        {
            await (await ledger.ClaimedAsync($"old-completed-{i}")).CompleteAsync(null, CancellationToken.None);
            await (await ledger.ClaimedAsync($"old-dead-{i}")).DieAsync("error", CancellationToken.None);
        }

        await ledger.InsertAsync("old-open");
        ledger.Time.Advance(TimeSpan.FromDays(1));
        await (await ledger.ClaimedAsync("new-completed")).CompleteAsync(null, CancellationToken.None);
        await (await ledger.ClaimedAsync("new-dead")).DieAsync("error", CancellationToken.None);

        var purge = new LedgerPurge(ledger.Table);
        Assert.That(await purge.RemoveFinishedAsync(ledger.Time.GetUtcNow() - TimeSpan.FromHours(1), CancellationToken.None), Is.EqualTo(10));
        var left = await ledger.Ledger.ListAsync(null, null, 100, null, CancellationToken.None);
        Assert.That(left.Events.Select(one => one.IdempotencyKey), Is.EqualTo(new[] { "old-open", "new-dead", "new-completed" }));
        Assert.That(await ledger.Ledger.FindAsync("old-dead-0", withBody: false, CancellationToken.None), Is.Null, "the event row goes with its index row");
        Assert.That(await purge.RemoveFinishedAsync(ledger.Time.GetUtcNow() - TimeSpan.FromHours(1), CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task A_listing_comes_in_pages_that_neither_repeat_nor_leave_out()
    {
        var ledger = new TestLedger();
        for (var i = 0; i < 25; i++)
        {
            ledger.Time.Advance(TimeSpan.FromSeconds(1));
            await ledger.InsertAsync($"key-{i}", i % 2 == 0 ? "ProvisioningStarted" : "ProvisioningFailed");
        }

        var (seen, continuation) = (new List<string>(), (string?)null);
        do
        {
            var page = await ledger.Ledger.ListAsync(EventState.Received, "ProvisioningStarted", 4, continuation, CancellationToken.None);
            seen.AddRange(page.Events.Select(one => one.IdempotencyKey));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 25).Where(i => i % 2 == 0).Select(i => $"key-{i}")));
    }

    private static string NewKey() => Guid.NewGuid().ToString();
}

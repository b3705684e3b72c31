using PointWebhooks.Ledger;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Ledger;

/// <summary>What the ledger does, on real storage and on the simulated one.</summary>
[TestFixture(true)]
[TestFixture(false)]
internal sealed class EventLedgerTests(bool isSimulated)
{
    private TestLedger test = null!;

    [OneTimeSetUp]
    public void Start() => test = new TestLedger(isSimulated: isSimulated);

    [OneTimeTearDown]
    public void Stop() => test?.Dispose();

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
    public async Task Events_of_two_types_with_one_key_are_two_events_found_by_one_range()
    {
        var key = NewKey();

        Assert.That(await test.InsertAsync(key, "ProvisioningStarted"), Is.EqualTo(InsertOutcome.Inserted));
        Assert.That(await test.InsertAsync(key, "ProvisioningCompleted"), Is.EqualTo(InsertOutcome.Inserted));

        var ids = await test.Listing.IdsOfKeyAsync(key, CancellationToken.None);
        Assert.That(ids, Is.EquivalentTo(new[] { EventId.Of("ProvisioningStarted", key), EventId.Of("ProvisioningCompleted", key) }));
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
    public async Task A_finished_event_is_not_claimed_and_an_unknown_one_is_unknown()
    {
        var key = NewKey();
        await (await test.ClaimedAsync(key)).CompleteAsync();
        Assert.That((await test.ClaimAsync(key)).Outcome, Is.EqualTo(ClaimOutcome.Finished));
        Assert.That((await test.ClaimAsync(NewKey())).Outcome, Is.EqualTo(ClaimOutcome.Unknown));
    }

    [Test]
    public async Task Every_event_has_the_index_rows_of_its_present_state()
    {
        using var ledger = new TestLedger(isSimulated: isSimulated);
        await ledger.InsertAsync("received", name: "Phoenix");
        await (await ledger.ClaimedAsync("retrying")).RetryAsync("error", TimeSpan.FromMinutes(5));
        await (await ledger.ClaimedAsync("dead")).DieAsync("error");
        await (await ledger.ClaimedAsync("completed")).CompleteAsync();

        var expected = new List<string>();
        await ledger.InsertAsync("named", name: "Phoenix");
        await (await ledger.ClaimAsync("named")).Lease!.CompleteAsync();
        foreach (var key in new[] { "received", "retrying", "dead", "completed", "named" })
            expected.AddRange(EventIndex.RowsOf(await ledger.FindAsync(key)).Select(row => row.RowKey));
        Assert.That(await ledger.IndexAsync(), Is.EquivalentTo(expected));
        Assert.That(
            expected.Select(row => row[..5]),
            Is.EqualTo(new[] { "open|", "open|", "dead|", "dead.", "done|", "done.", "done|", "done.", "name." }));
    }

    [Test]
    public async Task A_history_longer_than_a_property_loses_its_middle_and_not_the_event()
    {
        var key = NewKey();
        await test.InsertAsync(key);
        for (var i = 0; i < 60; i++)
        {
            await using var lease = (await test.ClaimAsync(key)).Lease!;
            // Escaped, each of these takes six characters.
            await lease.RetryAsync($"{i} {new string('\u6771', 40_000)}", TimeSpan.Zero);
        }

        var found = await test.FindAsync(key);
        Assert.That(found.Attempts, Is.EqualTo(60));
        Assert.That(found.History[0].State, Is.EqualTo(EventState.Received));
        Assert.That(found.History[^1].Detail, Does.StartWith("59 "));
        Assert.That(found.LastError, Does.StartWith("59 "));
    }

    [Test]
    public async Task The_purge_takes_the_content_of_what_finished_before_the_retention_and_nothing_else()
    {
        using var ledger = new TestLedger(isSimulated: isSimulated);
        for (var i = 0; i < 5; i++)
        {
            await (await ledger.ClaimedAsync($"old-completed-{i}")).CompleteAsync();
            await (await ledger.ClaimedAsync($"old-dead-{i}")).DieAsync("error");
        }

        await ledger.InsertAsync("old-open");
        ledger.Time.Advance(TimeSpan.FromDays(90 - 1));
        await (await ledger.ClaimedAsync("new-completed")).CompleteAsync();
        await (await ledger.ClaimedAsync("new-dead")).DieAsync("error");
        var purge = ledger.Get<LedgerPurge>();
        Assert.That(await purge.RunAsync(CancellationToken.None), Is.Zero, "a day before the retention ends");
        ledger.Time.Advance(TimeSpan.FromDays(1));

        Assert.That(await purge.RunAsync(CancellationToken.None), Is.EqualTo(10));
        Assert.That(await purge.RunAsync(CancellationToken.None), Is.Zero);

        var left = await ledger.Listing.ListAsync(new EventFilter(), 100, null, CancellationToken.None);
        Assert.That(left.Events.Select(one => one.IdempotencyKey), Is.EqualTo(new[] { "old-open", "new-dead", "new-completed" }));
        var (finding, _, _) = await ledger.Ledger.FindAsync(EventId.Of(TestLedger.Type, "old-dead-0"), false, CancellationToken.None);
        Assert.That(finding, Is.EqualTo(Finding.Forgotten), "its id is remembered");
        Assert.That(await ledger.InsertAsync("old-dead-0"), Is.EqualTo(InsertOutcome.Duplicate), "it takes no effect a second time");
        Assert.That((await ledger.ClaimAsync("old-dead-0")).Outcome, Is.EqualTo(ClaimOutcome.Finished));
    }

    [Test]
    public async Task A_listing_comes_in_pages_that_neither_repeat_nor_leave_out()
    {
        using var ledger = new TestLedger(isSimulated: isSimulated);
        for (var i = 0; i < 25; i++)
        {
            ledger.Time.Advance(TimeSpan.FromSeconds(1));
            await ledger.InsertAsync($"key-{i}", i % 2 == 0 ? "ProvisioningStarted" : "ProvisioningFailed");
        }

        var (seen, continuation) = (new List<string?>(), (string?)null);
        var filter = new EventFilter(EventState.Received, "ProvisioningStarted");
        do
        {
            var page = await ledger.Listing.ListAsync(filter, 4, continuation, CancellationToken.None);
            seen.AddRange(page.Events.Select(one => one.IdempotencyKey));
            continuation = page.Continuation;
        }
        while (continuation is not null);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 25).Where(i => i % 2 == 0).Select(i => $"key-{i}")));
    }

    private static string NewKey() => Guid.NewGuid().ToString();
}

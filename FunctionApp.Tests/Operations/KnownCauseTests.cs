using PointWebhooks.Ledger;
using PointWebhooks.Operations;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Operations;

/// <summary>Operators tell each other what somebody sees to already.</summary>
internal sealed class KnownCauseTests : SimulatedAppTests
{
    [Test]
    public void A_known_cause_is_listed_last_until_one_more_dies_of_it()
    {
        Die("one", "jira: 401");
        Die("two", "jira: 401");
        Die("three", "teams: 404");
        Account.Advance(TimeSpan.FromMinutes(1));
        Acknowledge("jira: 401", "ada");

        Assert.That(Causes().Select(cause => (cause.Error, cause.Count, cause.KnownBy, cause.DiedSince)), Is.EqualTo(new (string, int, string?, int?)[]
        {
            ("teams: 404", 1, null, null), ("jira: 401", 2, "ada", 0),
        }));

        Account.Advance(TimeSpan.FromMinutes(1));
        Die("four", "jira: 401");
        Assert.That((Causes()[0].Error, Causes()[0].DiedSince), Is.EqualTo(("jira: 401", (int?)1)));
    }

    [Test]
    public void It_is_taken_back_also_twice()
    {
        Die("one", "jira: 401");
        Acknowledge("jira: 401", null);
        for (var i = 0; i < 2; i++)
            App.Run(() => App.Get<KnownCauses>().WithdrawAsync(ErrorCause.IdOf("jira: 401")));

        Assert.That(Causes().Single().KnownSince, Is.Null);
    }

    [Test]
    public void The_latest_hundred_are_kept()
    {
        for (var i = 0; i < 103; i++)
        {
            Acknowledge($"error {(char)('a' + (i / 26))}{(char)('a' + (i % 26))}", null);
            Account.Advance(TimeSpan.FromSeconds(1));
        }

        var kept = App.Run(() => App.Get<KnownCauses>().ListAsync(CancellationToken.None));
        Assert.That(kept, Has.Count.EqualTo(100));
        Assert.That(kept.Select(one => one.Cause), Does.Not.Contain(ErrorCause.IdOf("error aa")).And.Contain(ErrorCause.IdOf("error ad")));
    }

    private IReadOnlyList<DeadCause> Causes() =>
        App.Run(() => App.Get<EventListReader>().ReadAsync(EventQuery.All, CancellationToken.None)).Dead!.Causes;

    private void Acknowledge(string error, string? by) =>
        App.Run(() => App.Get<KnownCauses>().AcknowledgeAsync(ErrorCause.IdOf(error), by));

    private void Die(string key, string error)
    {
        var lease = App.Claimed(key);
        App.Run(() => lease.DieAsync(error));
    }
}

using Microsoft.AspNetCore.Http;
using PointWebhooks.Receiving;
using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>How large a body may be, and how long it may take.</summary>
internal sealed class BoundedBodyTests : SimulatedAppTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    [TestCase(0, true)]
    [TestCase(BoundedBody.MaxLength - 1, true)]
    [TestCase(BoundedBody.MaxLength, true)]
    [TestCase(BoundedBody.MaxLength + 1, false)]
    [TestCase(10 * BoundedBody.MaxLength, false)]
    public void A_body_is_taken_up_to_256_KiB_with_a_length_or_without(int length, bool isTaken)
    {
        foreach (var announced in new long?[] { length, null })
        {
            var sent = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

            var (body, refusal) = Read(new MemoryStream(sent), announced);

            Assert.That(refusal, Is.EqualTo(isTaken ? null : Refusal.BodyTooLarge), $"announced: {announced}");
            Assert.That(body.ToArray(), Is.EqualTo(isTaken ? sent : []));
        }
    }

    [Test]
    public void A_body_whose_connection_breaks_is_incomplete()
    {
        using var body = new BrokenBody();

        Assert.That(Read(body, 10).Refusal, Is.EqualTo(Refusal.BodyIncomplete));
    }

    [Test]
    public void What_announces_too_much_is_refused_unread()
    {
        using var body = new TricklingBody(1, TimeSpan.FromDays(1), App.Time);

        var ((_, refusal), taken) = App.Timed(() => ReadAsync(body, BoundedBody.MaxLength + 1));

        Assert.That((refusal, taken), Is.EqualTo((Refusal.BodyTooLarge, TimeSpan.Zero)));
    }

    [Test]
    public void A_body_that_trickles_in_within_thirty_seconds_is_taken()
    {
        using var body = new TricklingBody(60, (BoundedBody.MaxTime - Instant) / 60, App.Time);

        var ((read, refusal), _) = App.Timed(() => ReadAsync(body, 60));

        Assert.That((read.Length, refusal), Is.EqualTo((60, default(Refusal))));
    }

    [Test]
    public void A_body_that_takes_longer_is_given_up_on_after_thirty_seconds_however_steadily_it_comes()
    {
        using var body = new TricklingBody(60, (BoundedBody.MaxTime + (60 * Instant)) / 60, App.Time);

        var ((_, refusal), taken) = App.Timed(() => ReadAsync(body, 60));

        Assert.That((refusal, taken), Is.EqualTo((Refusal.BodyIncomplete, TimeSpan.FromSeconds(30))));
    }

    [Test]
    public void A_sender_that_hangs_up_has_sent_no_body()
    {
        using var aborted = new CancellationTokenSource();
        using var body = new TricklingBody(60, TimeSpan.FromSeconds(0.4), App.Time);
        var reading = App.Begin(() => ReadAsync(body, 60, aborted.Token));
        Account.Advance(TimeSpan.FromSeconds(5));

        App.Cancel(aborted);

        Assert.That(App.End(reading).Refusal, Is.EqualTo(Refusal.BodyIncomplete));
    }

    [TestCase(LargeBodies.MaxSmall, true)]
    [TestCase(LargeBodies.MaxSmall + 1, false)]
    public void Only_so_many_large_bodies_are_in_memory_at_once_and_small_ones_as_many_as_come(int length, bool isTaken)
    {
        var rooms = Fill();
        foreach (var announced in new long?[] { length, null })
        {
            var ((body, refusal), taken) = App.Timed(() => ReadAsync(new MemoryStream(new byte[length]), announced));

            Assert.That((body.Length, refusal), Is.EqualTo(isTaken ? (length, null) : (0, Refusal.Overloaded)), $"announced: {announced}");
            Assert.That(taken, Is.EqualTo(isTaken ? TimeSpan.Zero : TimeSpan.FromSeconds(10)), "it waits for room");
        }

        rooms.ForEach(room => room.Dispose());
        Assert.That(Read(new MemoryStream(new byte[length]), length).Body.Length, Is.EqualTo(length), "there is room again");
    }

    [Test]
    public void What_waits_for_room_is_taken_as_soon_as_there_is_some()
    {
        var rooms = Fill();
        var reading = App.Begin(() => ReadAsync(new MemoryStream(new byte[LargeBodies.MaxSmall + 1]), LargeBodies.MaxSmall + 1));
        Account.Advance(LargeBodies.Patience - Instant);

        App.Run(() =>
        {
            rooms[0].Dispose();
            return Task.CompletedTask;
        });

        Assert.That(App.End(reading).Refusal, Is.Null);
    }

    [Test]
    public void What_comes_while_128_wait_for_room_is_refused_at_once_and_costs_these_nothing()
    {
        Fill();
        var waiting = Enumerable.Range(0, 128).Select(_ => App.Begin(ReadLargeAsync)).ToList();

        var ((_, refusal), taken) = App.Timed(ReadLargeAsync);

        Assert.That((refusal, taken), Is.EqualTo((Refusal.Overloaded, TimeSpan.Zero)));
        Assert.That(waiting.Select(one => one.IsCompleted), Is.All.False);
        Assert.That(waiting.ConvertAll(one => App.End(one).Refusal), Is.All.EqualTo(Refusal.Overloaded), "when their patience is over");

        Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadLargeAsync() =>
            ReadAsync(new MemoryStream(new byte[LargeBodies.MaxSmall + 1]), LargeBodies.MaxSmall + 1);
    }

    [Test]
    public void A_sender_that_hangs_up_while_it_waits_for_room_has_sent_no_body_and_leaves_the_room_to_others()
    {
        var rooms = Fill();
        using var aborted = new CancellationTokenSource();
        var reading = App.Begin(() => ReadAsync(new MemoryStream(new byte[100_000]), 100_000, aborted.Token));
        App.Cancel(aborted);
        Assert.That(App.End(reading).Refusal, Is.EqualTo(Refusal.BodyIncomplete));

        rooms[0].Dispose();

        Assert.That(Read(new MemoryStream(new byte[100_000]), 100_000).Refusal, Is.Null);
    }

    private List<LargeBodies.Room> Fill()
    {
        List<LargeBodies.Room> rooms = [.. Enumerable.Range(0, LargeBodies.AtOnce).Select(_ => App.Get<LargeBodies>().NewRoom())];
        foreach (var room in rooms)
            Assert.That(App.Run(() => ReadAsync(new MemoryStream(new byte[BoundedBody.MaxLength]), null, room)).Refusal, Is.Null);
        return rooms;
    }

    private (ReadOnlyMemory<byte> Body, Refusal? Refusal) Read(Stream body, long? announced) => App.Run(() => ReadAsync(body, announced));

    private async Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        Stream body, long? announced, CancellationToken aborted = default)
    {
        using var room = App.Get<LargeBodies>().NewRoom();
        return await ReadAsync(body, announced, room, aborted);
    }

    private Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        Stream body, long? announced, LargeBodies.Room room, CancellationToken aborted = default)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = announced;
        context.Request.Body = body;
        return BoundedBody.ReadAsync(context.Request, room, App.Time, aborted);
    }

    private sealed class BrokenBody : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The connection was reset.");
    }
}

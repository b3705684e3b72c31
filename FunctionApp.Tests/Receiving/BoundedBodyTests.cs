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

        App.Run(() =>
        {
            aborted.Cancel();
            return Task.CompletedTask;
        });

        Assert.That(App.End(reading).Refusal, Is.EqualTo(Refusal.BodyIncomplete));
    }

    private (ReadOnlyMemory<byte> Body, Refusal? Refusal) Read(Stream body, long? announced) => App.Run(() => ReadAsync(body, announced));

    private Task<(ReadOnlyMemory<byte> Body, Refusal? Refusal)> ReadAsync(
        Stream body, long? announced, CancellationToken aborted = default)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = announced;
        context.Request.Body = body;
        return BoundedBody.ReadAsync(context.Request, App.Time, aborted);
    }

    /// <summary>A body that comes byte by byte, each after a pause.</summary>
    private sealed class TricklingBody(int length, TimeSpan pause, TimeProvider time) : Stream
    {
        private int left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            // A pipe's reader asks for nothing first, to learn that something is there.
            if (left == 0 || buffer.IsEmpty)
                return 0;
            // Without a context, as the reader of a pipe wants it.
            await VirtualWait.Async(pause, time, cancellationToken).ConfigureAwait(false);
            left--;
            buffer.Span[0] = (byte)'x';
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

using PointWebhooks.Tests.Support;

namespace PointWebhooks.Tests.Receiving;

/// <summary>A body that comes byte by byte, each after a pause.</summary>
internal sealed class TricklingBody(int length, TimeSpan pause, TimeProvider time) : Stream
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

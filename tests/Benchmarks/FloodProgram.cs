using System.Buffers.Binary;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Benchmarks;

/// <summary>
/// A program in place of a shell that costs nothing itself: it greets with one byte, and then follows orders, one after
/// the other: how many bytes to take before it answers with one, how many to write, and whether to write a kilobyte
/// a millisecond, as the real agent does with whatever runs there.
/// </summary>
internal sealed class FloodProgram : IPseudoTerminal
{
    private const int OrderLength = 24;
    private const int TrickleLength = 1024;

    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changed = new(0);
    private long _toTake;
    private long _toWrite = 1;
    private volatile bool _isTrickle;

    public int ProcessId => 0;

    public Task<int> Exited => _exited.Task;

    public static byte[] Order(long take, long write, bool isTrickle = false)
    {
        byte[] order = new byte[OrderLength];
        BinaryPrimitives.WriteInt64LittleEndian(order, take);
        BinaryPrimitives.WriteInt64LittleEndian(order.AsSpan(8), write);
        BinaryPrimitives.WriteInt64LittleEndian(order.AsSpan(16), isTrickle ? 1 : 0);
        return order;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _toWrite) == 0)
        {
            await _changed.WaitAsync(cancellationToken);
        }

        if (_isTrickle)
        {
            await Task.Run(static () => Thread.Sleep(1), cancellationToken); // finer than the clock of Task.Delay
        }

        int count = (int)Math.Min(_isTrickle ? TrickleLength : buffer.Length, Interlocked.Read(ref _toWrite));
        Interlocked.Add(ref _toWrite, -count);
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_toTake == 0)
        {
            _toTake = BinaryPrimitives.ReadInt64LittleEndian(data.Span);
            _isTrickle = BinaryPrimitives.ReadInt64LittleEndian(data.Span[16..]) != 0;
            Write(BinaryPrimitives.ReadInt64LittleEndian(data.Span[8..]));
        }
        else
        {
            _toTake -= data.Length;
            Write(_toTake == 0 ? 1 : 0);
        }

        return ValueTask.CompletedTask;
    }

    public void Resize(TerminalSize size)
    {
    }

    public ValueTask DisposeAsync()
    {
        _exited.TrySetResult(1);
        return ValueTask.CompletedTask;
    }

    private void Write(long count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref _toWrite, count);
            _changed.Release();
        }
    }
}

using System.Buffers.Binary;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Benchmarks;

/// <summary>
/// A program in place of a shell that costs nothing itself: it greets with one byte, and is told numbers of 8 bytes. As
/// many bytes as the first says it takes before it answers with one; as many as the second says it writes.
/// </summary>
internal sealed class FloodProgram : IPseudoTerminal
{
    /// <summary>Bytes of an order.</summary>
    public const int OrderLength = 16;

    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _changed = new(0);
    private long _toTake;
    private long _toWrite = 1;

    public int ProcessId => 0;

    public Task<int> Exited => _exited.Task;

    public static byte[] Order(long take, long write)
    {
        byte[] order = new byte[OrderLength];
        BinaryPrimitives.WriteInt64LittleEndian(order, take);
        BinaryPrimitives.WriteInt64LittleEndian(order.AsSpan(8), write);
        return order;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (Interlocked.Read(ref _toWrite) == 0)
        {
            await _changed.WaitAsync(cancellationToken);
        }

        int count = (int)Math.Min(buffer.Length, Interlocked.Read(ref _toWrite));
        Interlocked.Add(ref _toWrite, -count);
        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_toTake == 0)
        {
            _toTake = BinaryPrimitives.ReadInt64LittleEndian(data.Span);
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

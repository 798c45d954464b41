using System.Buffers.Binary;
using System.Collections.Concurrent;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Tests.Support;

/// <summary>
/// A program in place of a shell. It greets with one byte; is told a seed and a length; writes that much of the pattern of
/// the seed's complement while it reads that much of the seed's; and ends when one more byte says that all has arrived.
/// </summary>
/// <param name="ended">Gets every program that was told a seed, by the seed.</param>
/// <param name="chunk">The most that is written at once.</param>
internal sealed class StreamProgram(ConcurrentDictionary<ulong, StreamProgram> ended, int chunk) : IPseudoTerminal
{
    /// <summary>Bytes of seed and length.</summary>
    public const int HeaderLength = 16;

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerLength;
    private bool _hasGreeted;

    /// <summary>What it wrote, behind the greeting.</summary>
    public HashedStream? Written { get; private set; }

    /// <summary>What it read, without the header and the last byte.</summary>
    public HashedStream? Read { get; private set; }

    public int ProcessId => 0;

    public Task<int> Exited => _exited.Task;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_hasGreeted)
        {
            _hasGreeted = true;
            buffer.Span[0] = (byte)'!';
            return 1;
        }

        await _started.Task.WaitAsync(cancellationToken);
        int count = Written!.Make(buffer.Span[..Math.Min(chunk, buffer.Length)]);
        if (count == 0)
        {
            await _exited.Task.WaitAsync(cancellationToken);
        }

        return count;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ReadOnlySpan<byte> bytes = data.Span;
        if (_headerLength < HeaderLength)
        {
            int length = Math.Min(HeaderLength - _headerLength, bytes.Length);
            bytes[..length].CopyTo(_header.AsSpan(_headerLength));
            _headerLength += length;
            bytes = bytes[length..];
            if (_headerLength == HeaderLength)
            {
                Begin();
            }
        }

        if (!bytes.IsEmpty)
        {
            if (Read!.IsWhole)
            {
                _exited.TrySetResult(0);
            }
            else
            {
                Read.Take(bytes);
            }
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

    private void Begin()
    {
        ulong seed = BinaryPrimitives.ReadUInt64LittleEndian(_header);
        long length = BinaryPrimitives.ReadInt64LittleEndian(_header.AsSpan(8));
        Written = new HashedStream(~seed, length);
        Read = new HashedStream(seed, length);
        ended[seed] = this;
        _started.TrySetResult();
    }
}

using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Win32.SafeHandles;

namespace SsmTools.Sandbox.Pty;

/// <summary>
/// Moves bytes between a terminal's master side and its callers on one thread of its own. Terminals fit neither into the
/// runtime's socket engine nor into its file streams, whose reads cannot be cancelled.
/// </summary>
internal sealed class UnixPump : IDisposable
{
    private const int ChunkLength = 8192;
    private const int ChunksAhead = 16;

    private readonly SafeFileHandle _master;
    private readonly SafeFileHandle _wakeReader;
    private readonly SafeFileHandle _wakeWriter;
    private readonly Channel<byte[]> _output = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = false });
    private readonly Queue<(ReadOnlyMemory<byte> Data, TaskCompletionSource Written)> _input = new();
    private readonly Thread _thread;
    private readonly byte[] _scrap = new byte[64];
    private ReadOnlyMemory<byte> _rest;
    private ReadOnlyMemory<byte> _writing;
    private TaskCompletionSource? _written;
    private bool _stopped;

    public UnixPump(SafeFileHandle master)
    {
        _master = master;
        int[] ends = new int[2];
        if (LibC.Pipe(ends) != 0)
        {
            throw new IOException($"A pipe could not be made: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        LibC.SetCloseOnExec(ends[0], nonBlocking: true);
        LibC.SetCloseOnExec(ends[1], nonBlocking: true);
        _wakeReader = new SafeFileHandle(ends[0], ownsHandle: true);
        _wakeWriter = new SafeFileHandle(ends[1], ownsHandle: true);
        _thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "Pseudo-terminal" };
        _thread.Start();
    }

    /// <summary>Reads what came from the terminal; 0 at its end. One reader at a time.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (_rest.IsEmpty)
        {
            if (!await _output.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                return 0;
            }

            if (_output.Reader.TryRead(out byte[]? chunk))
            {
                _rest = chunk;
                Wake();
            }
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    /// <summary>Writes to the terminal, or drops the data when its other side is gone.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_input)
        {
            if (_stopped || data.IsEmpty)
            {
                return;
            }

            _input.Enqueue((data.ToArray(), written));
        }

        Wake();
        await written.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the thread and whoever waits for it. The master side stays open: it belongs to the caller.</summary>
    public void Dispose()
    {
        lock (_input)
        {
            _stopped = true;
        }

        Wake();
        _thread.Join();
        _wakeReader.Dispose();
        _wakeWriter.Dispose();
    }

    private void Run()
    {
        bool open = true;
        while (open)
        {
            bool wantsRead = _output.Reader.Count < ChunksAhead;
            bool wantsWrite;
            lock (_input)
            {
                open = !_stopped;
                TakeInput();
                wantsWrite = _written is not null;
            }

            open = open && Wait(ref wantsRead, ref wantsWrite)
                && (!wantsRead || ReadMaster())
                && (!wantsWrite || WriteMaster());
        }

        _output.Writer.TryComplete();
        lock (_input)
        {
            _stopped = true;
            _written?.TrySetResult();
            while (_input.TryDequeue(out (ReadOnlyMemory<byte> Data, TaskCompletionSource Written) entry))
            {
                entry.Written.TrySetResult();
            }
        }
    }

    /// <summary>Waits until something of what is wanted can be done. A hang-up counts as readable: reading tells.</summary>
    private bool Wait(ref bool wantsRead, ref bool wantsWrite)
    {
        short events = (short)((wantsRead ? LibC.PollIn : 0) | (wantsWrite ? LibC.PollOut : 0));
        int master = events == 0 ? -1 : (int)_master.DangerousGetHandle();
        LibC.PollEntry[] entries =
        [
            new() { File = master, Events = events },
            new() { File = (int)_wakeReader.DangerousGetHandle(), Events = LibC.PollIn },
        ];
        if (LibC.Poll(entries, 2, -1) < 0)
        {
            (wantsRead, wantsWrite) = (false, false);
            return Marshal.GetLastPInvokeError() == LibC.Interrupted;
        }

        if (entries[1].Returned != 0)
        {
            _ = LibC.Read(_wakeReader, _scrap, _scrap.Length);
        }

        bool hungUp = (entries[0].Returned & ~(LibC.PollIn | LibC.PollOut)) != 0;
        wantsRead = wantsRead && (hungUp || (entries[0].Returned & LibC.PollIn) != 0);
        wantsWrite = wantsWrite && (hungUp || (entries[0].Returned & LibC.PollOut) != 0);
        return true;
    }

    private bool ReadMaster()
    {
        byte[] buffer = new byte[ChunkLength];
        nint count = LibC.Read(_master, buffer, buffer.Length);
        if (count > 0)
        {
            _output.Writer.TryWrite(buffer[..(int)count]);
        }

        // At the end Linux answers with an input/output error, macOS with nothing.
        return count > 0 || (count < 0 && IsTransient());
    }

    private bool WriteMaster()
    {
        nint count = LibC.Write(_master, ref MemoryMarshal.GetReference(_writing.Span), _writing.Length);
        if (count < 0)
        {
            return IsTransient();
        }

        _writing = _writing[(int)count..];
        if (_writing.IsEmpty)
        {
            _written!.TrySetResult();
            _written = null;
        }

        return true;
    }

    private void TakeInput()
    {
        if (_written is null && _input.TryDequeue(out (ReadOnlyMemory<byte> Data, TaskCompletionSource Written) next))
        {
            (_writing, _written) = next;
        }
    }

    private void Wake()
    {
        byte one = 1;
        bool added = false;
        try
        {
            _wakeWriter.DangerousAddRef(ref added);
            _ = LibC.Write(_wakeWriter, ref one, 1);
        }
        catch (ObjectDisposedException)
        {
            // Nobody is left to be woken.
        }
        finally
        {
            if (added)
            {
                _wakeWriter.DangerousRelease();
            }
        }
    }

    private static bool IsTransient()
    {
        int error = Marshal.GetLastPInvokeError();
        return error == LibC.Interrupted || error == LibC.TryAgain;
    }
}

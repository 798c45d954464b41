using System.Runtime.InteropServices;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Reads a descriptor on a thread of its own, and only while somebody waits: what is typed when nobody does stays in
/// the terminal for whoever reads next.
/// </summary>
internal sealed class UnixInput : IDisposable
{
    private readonly int _fd;
    private readonly WakePipe _wake = new();
    private readonly SemaphoreSlim _requests = new(0);
    private readonly Action _beforeWait;
    private volatile Request? _current;
    private volatile bool _isDisposed;
    private Thread? _thread;

    /// <summary>Prepares to read.</summary>
    /// <param name="fd">The descriptor; it stays the caller's.</param>
    /// <param name="beforeWait">Called before every wait.</param>
    public UnixInput(int fd, Action beforeWait)
    {
        _fd = fd;
        _beforeWait = beforeWait;
    }

    /// <summary>Reads what there is, or waits for it. One caller at a time.</summary>
    /// <returns>Bytes read; 0 at the end of the input.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        Request request = new(buffer, cancellationToken);
        _current = request;
        StartThread();
        _requests.Release();

        // The thread alone decides what becomes of the request: bytes that it has read are never thrown away.
        using CancellationTokenRegistration registration = cancellationToken.Register(_wake.Wake);
        return await request.Done.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _requests.Release();
        _wake.Wake();
        if (_thread is null)
        {
            _wake.Dispose();
        }
    }

    private void StartThread()
    {
        if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "SsmTools terminal input" };
            _thread.Start();
        }
    }

    private void Run()
    {
        while (true)
        {
            _requests.Wait();
            if (_isDisposed)
            {
                _current?.Done.TrySetException(new ObjectDisposedException(nameof(UnixInput)));
                _wake.Dispose();
                return;
            }

            if (_current is { } request)
            {
                _current = null;
                Serve(request);
            }
        }
    }

    private void Serve(Request request)
    {
        UnixNative.PollRequest[] polls = new UnixNative.PollRequest[2];
        while (!_isDisposed)
        {
            if (request.CancellationToken.IsCancellationRequested)
            {
                request.Done.TrySetCanceled(request.CancellationToken);
                return;
            }

            _beforeWait();
            polls[0] = new UnixNative.PollRequest { Descriptor = _fd, Events = UnixNative.PollIn };
            polls[1] = new UnixNative.PollRequest { Descriptor = _wake.Reader, Events = UnixNative.PollIn };
            int ready = UnixNative.Poll(polls, 2, -1);
            if (ready < 0 && Marshal.GetLastPInvokeError() != UnixNative.Interrupted)
            {
                request.Done.TrySetException(new IOException("The terminal cannot be waited for."));
                return;
            }

            if (ready > 0 && polls[1].Results != 0)
            {
                _wake.Reset();
                continue;
            }

            if (ready > 0 && polls[0].Results != 0 && TryRead(request))
            {
                return;
            }
        }

        request.Done.TrySetException(new ObjectDisposedException(nameof(UnixInput)));
    }

    /// <summary>Reads once. False when it has to be tried again.</summary>
    private bool TryRead(Request request)
    {
        Span<byte> buffer = request.Buffer.Span;
        nint count = UnixNative.Read(_fd, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        int error = count < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error == UnixNative.Interrupted || error == UnixNative.WouldBlock)
        {
            return false;
        }

        if (error is 0 or UnixNative.InputOutputError)
        {
            request.Done.TrySetResult((int)Math.Max(0, count)); // a terminal that was hung up is at its end
        }
        else
        {
            request.Done.TrySetException(new IOException($"The terminal cannot be read (error {error})."));
        }

        return true;
    }

    private sealed class Request(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        public Memory<byte> Buffer { get; } = buffer;

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public TaskCompletionSource<int> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

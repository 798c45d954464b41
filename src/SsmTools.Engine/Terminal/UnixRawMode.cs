using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Raw mode of a Unix terminal, from its beginning to its end, which comes with <see cref="Dispose"/>, with the end of
/// the process, or with a signal that ends it, whichever is first. With it ends what was shown meanwhile and has left
/// its marks on the terminal.
/// </summary>
/// <remarks>
/// .NET's own console code writes the attributes it believes in when the process is continued, and when children
/// come and go; <see cref="Assert"/> is there to be called after either.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixRawMode : IDisposable
{
    private static readonly PosixSignal[] s_deadly =
        [PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    /// <summary>How long a terminal that takes no output may hold up the end.</summary>
    private const int MostMilliseconds = 200;

    private readonly int _fd;
    private readonly int _outputFd;
    private readonly RemoteModes? _modes;
    private readonly byte[] _before = new byte[UnixNative.TermiosLength];
    private readonly byte[] _raw;
    private readonly object _lock = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private bool _isOver;
    private bool _isSuspended;

    /// <summary>Switches the terminal to raw mode.</summary>
    /// <param name="fd">Where keys come from.</param>
    /// <param name="outputFd">Where output goes, which may be no terminal.</param>
    /// <exception cref="IOException">The input is no terminal, or is gone.</exception>
    public UnixRawMode(int fd, int outputFd)
    {
        _fd = fd;
        _outputFd = outputFd;
        _modes = UnixNative.IsTerminal(outputFd) == 1 ? new RemoteModes() : null;
        Get(_before);
        _raw = [.. _before];
        UnixNative.MakeRaw(_raw);
        Set(_raw);

        // The process ends as it would have; the terminal is put back before.
        _registrations = [.. s_deadly.Select(signal => PosixSignalRegistration.Create(signal, _ => Restore()))];
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
    }

    /// <summary>Whether raw mode is in force.</summary>
    public bool IsOn
    {
        get
        {
            lock (_lock)
            {
                return !_isOver;
            }
        }
    }

    /// <summary>Looks at what is about to be shown.</summary>
    public void Follow(ReadOnlySpan<byte> output) => _modes?.Follow(output);

    /// <summary>Sets raw mode again if somebody else has changed the attributes meanwhile.</summary>
    public void Assert()
    {
        lock (_lock)
        {
            byte[] now = new byte[UnixNative.TermiosLength];
            if (!_isOver && !_isSuspended && TryGet(now) && !now.AsSpan().SequenceEqual(_raw))
            {
                TrySet(_raw);
            }
        }
    }

    /// <summary>Puts the terminal back for the time that the process is stopped.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            if (!_isOver && !_isSuspended)
            {
                _isSuspended = true;
                Show(_modes?.Undo());
                TrySet(_before);
            }
        }
    }

    /// <summary>Raw mode again, and what programs had switched on, if it was put back for a stop.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (!_isOver && _isSuspended)
            {
                _isSuspended = false;
                TrySet(_raw);
                Show(_modes?.Redo());
            }
        }

        Assert();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Restore();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _registrations.ForEach(registration => registration.Dispose());
    }

    private void OnProcessExit(object? sender, EventArgs e) => Restore();

    private void Restore()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                if (!_isSuspended)
                {
                    Show(_modes?.Undo());
                }

                TrySet(_before); // a terminal that is gone needs no restoring
            }
        }
    }

    /// <summary>Shows a few bytes, if the terminal takes them: nobody waits for one that was stopped by a key.</summary>
    private void Show(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        byte[] bytes = Encoding.ASCII.GetBytes(text);
        UnixNative.PollRequest[] poll = [new() { Descriptor = _outputFd, Events = UnixNative.PollOut }];
        if (UnixNative.Poll(poll, 1, MostMilliseconds) == 1 && (poll[0].Results & UnixNative.PollOut) != 0)
        {
            _ = UnixNative.Write(_outputFd, ref bytes[0], bytes.Length);
        }
    }

    private void Get(byte[] termios)
    {
        if (!TryGet(termios))
        {
            throw Failure();
        }
    }

    private void Set(byte[] termios)
    {
        if (!TrySet(termios))
        {
            throw Failure();
        }
    }

    private static IOException Failure() =>
        new($"The terminal's mode could not be set (error {Marshal.GetLastPInvokeError()}).");

    private bool TryGet(byte[] termios) => UnixNative.GetAttributes(_fd, termios) == 0;

    /// <summary>At once, without waiting for output that nobody may read, and without dropping what was typed.</summary>
    private bool TrySet(byte[] termios) => UnixNative.SetAttributes(_fd, UnixNative.ApplyNow, termios) == 0;
}

using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SsmTools.Engine.Terminal;

/// <summary>
/// Raw mode of a Unix terminal, from its beginning to its end, which comes with <see cref="Dispose"/>, with the end of
/// the process, or with a signal that ends it, whichever is first.
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

    private readonly int _fd;
    private readonly byte[] _before = new byte[UnixNative.TermiosLength];
    private readonly byte[] _raw;
    private readonly object _lock = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private bool _isOver;

    /// <summary>Switches the terminal to raw mode.</summary>
    /// <exception cref="IOException">It is no terminal, or is gone.</exception>
    public UnixRawMode(int fd)
    {
        _fd = fd;
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

    /// <summary>Sets raw mode again if somebody else has changed the attributes meanwhile.</summary>
    public void Assert()
    {
        lock (_lock)
        {
            byte[] now = new byte[UnixNative.TermiosLength];
            if (!_isOver && TryGet(now) && !now.AsSpan().SequenceEqual(_raw))
            {
                TrySet(_raw);
            }
        }
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
                TrySet(_before); // a terminal that is gone needs no restoring
            }
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

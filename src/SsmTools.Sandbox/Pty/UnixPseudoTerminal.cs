using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Pty;

/// <summary>A pseudo-terminal of Linux or macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixPseudoTerminal : IPseudoTerminal
{
    /// <summary>How long a shell may take to hang up in its own way: save its history, tell its jobs.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(250);

    private readonly SafeFileHandle _master;
    private readonly UnixPump _pump;
    private readonly UnixChild _child;
    private readonly TimeProvider _timeProvider;
    private readonly object _gate = new();
    private int _disposed;

    private UnixPseudoTerminal(SafeFileHandle master, int process, TimeProvider timeProvider)
    {
        _master = master;
        _timeProvider = timeProvider;
        _pump = new UnixPump(master);
        _child = new UnixChild(process);
    }

    public int ProcessId => _child.ProcessId;

    public Task<int> Exited => _child.Exited;

    /// <summary>Opens a terminal and starts a program on it.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static UnixPseudoTerminal Start(PseudoTerminalOptions options)
    {
        SafeFileHandle master = OpenMaster();
        try
        {
            byte[] name = new byte[1024];
            if (LibC.GrantTerminal(master) != 0 || LibC.UnlockTerminal(master) != 0 ||
                LibC.TerminalName(master, name, name.Length) != 0)
            {
                throw NoTerminal();
            }

            _ = LibC.SetWindowSize(master, ToNative(options.Size));
            int process = UnixSpawn.Start(options, Encoding.UTF8.GetString(name, 0, Array.IndexOf(name, (byte)0)));
            return new UnixPseudoTerminal(master, process, options.TimeProvider);
        }
        catch
        {
            master.Dispose();
            throw;
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _pump.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        _pump.WriteAsync(data, cancellationToken);

    public void Resize(TerminalSize size)
    {
        lock (_gate)
        {
            if (!_master.IsClosed)
            {
                _ = LibC.SetWindowSize(_master, ToNative(size));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await HangUpAsync().ConfigureAwait(false);
        _pump.Dispose();
        lock (_gate)
        {
            _master.Dispose();
        }

        _child.Dispose();
    }

    private static SafeFileHandle OpenMaster()
    {
        // macOS takes only the first two flags here. Not to be inherited from the first moment on, where that is
        // possible: another process started at this very time would keep the terminal open.
        int flags = LibC.OpenReadWrite | LibC.OpenNoControllingTerminal;
        SafeFileHandle master = LibC.OpenTerminal(
            OperatingSystem.IsMacOS() ? flags : flags | LibC.OpenNonBlocking | LibC.OpenCloseOnExec);
        if (master.IsInvalid)
        {
            throw NoTerminal();
        }

        if (OperatingSystem.IsMacOS())
        {
            LibC.SetCloseOnExec((int)master.DangerousGetHandle(), nonBlocking: true);
        }

        return master;
    }

    private static IOException NoTerminal() =>
        new($"A pseudo-terminal could not be opened: {Marshal.GetLastPInvokeErrorMessage()}.");

    private static LibC.WindowSize ToNative(TerminalSize size) => new()
    {
        Columns = (ushort)Math.Clamp(size.Columns, 1, ushort.MaxValue),
        Rows = (ushort)Math.Clamp(size.Rows, 1, ushort.MaxValue),
    };

    /// <summary>What the kernel does when a modem loses its line, with a little time to react to it.</summary>
    private async Task HangUpAsync()
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        int foreground = LibC.ForegroundGroup(_master);
        foreach (int group in new[] { ProcessId, foreground })
        {
            if (group > 1)
            {
                _ = LibC.Kill(-group, LibC.SigHup);
                _ = LibC.Kill(-group, LibC.SigCont);
            }
        }

        await Task.WhenAny(Exited, Task.Delay(s_grace, _timeProvider)).ConfigureAwait(false);
    }
}

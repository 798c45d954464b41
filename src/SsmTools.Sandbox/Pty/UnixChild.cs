using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace SsmTools.Sandbox.Pty;

/// <summary>A child process that leads a session of its own: told when it ends, and killed with all of its session.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixChild : IDisposable
{
    private readonly PosixSignalRegistration _childEnded;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly object _gate = new();

    public UnixChild(int process)
    {
        ProcessId = process;

        // The runtime's own SIGCHLD handling reaps children of System.Diagnostics.Process only and leaves ours alone.
        _childEnded = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Reap(LibC.WaitNoHang));
        Reap(LibC.WaitNoHang);
    }

    public int ProcessId { get; }

    /// <summary>Completes with the exit code; 128 + n when signal n ended it.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Sends a signal to the process alone, unless it has ended.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!Exited.IsCompleted)
            {
                _ = LibC.Kill(ProcessId, signal);
            }
        }
    }

    /// <summary>Kills the whole session, and waits until its leader is gone.</summary>
    public void Dispose()
    {
        UnixSession.Kill(ProcessId);
        Reap(options: 0);
        _childEnded.Dispose();
    }

    private void Reap(int options)
    {
        lock (_gate)
        {
            if (Exited.IsCompleted)
            {
                return;
            }

            int result;
            int status;
            do
            {
                result = LibC.WaitForProcess(ProcessId, out status, options);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);

            if (result != 0)
            {
                // Low seven bits: the signal, or 0; the next byte: the code. No child at all means somebody else
                // reaped it: it is gone in any case.
                int signal = status & 0x7F;
                _exited.TrySetResult(result < 0 ? 0 : signal == 0 ? (status >> 8) & 0xFF : 128 + signal);
            }
        }
    }
}

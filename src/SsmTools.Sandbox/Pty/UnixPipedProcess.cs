using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SsmTools.Sandbox.Pty;

/// <summary>A program on pipes, on Linux or macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixPipedProcess : IPipedProcess
{
    private readonly UnixChild _child;
    private readonly SafeFileHandle[] _files;
    private readonly UnixPump[] _pumps;

    private UnixPipedProcess(int process, SafeFileHandle[] files)
    {
        _child = new UnixChild(process);
        _files = files;
        _pumps = Array.ConvertAll(files, file => new UnixPump(file));
    }

    public Task<int> Exited => _child.Exited;

    /// <summary>Starts a program.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static UnixPipedProcess Start(PseudoTerminalOptions options, bool isSeparate)
    {
        List<SafeFileHandle> readers = [];
        List<SafeFileHandle> writers = [];
        try
        {
            for (int i = 0; i < (isSeparate ? 2 : 1); i++)
            {
                int[] ends = LibC.TryPipe() ?? throw new IOException($"A pipe could not be made: {Marshal.GetLastPInvokeErrorMessage()}.");
                LibC.SetCloseOnExec(ends[0], nonBlocking: true);
                readers.Add(new SafeFileHandle(ends[0], ownsHandle: true));
                writers.Add(new SafeFileHandle(ends[1], ownsHandle: true));
            }

            int process = UnixSpawn.Start(
                options, (int)writers[0].DangerousGetHandle(), (int)writers[^1].DangerousGetHandle());
            return new UnixPipedProcess(process, [.. readers]);
        }
        catch
        {
            readers.ForEach(reader => reader.Dispose());
            throw;
        }
        finally
        {
            // Ours as well as the child's would keep the pipe open.
            writers.ForEach(writer => writer.Dispose());
        }
    }

    public ValueTask<int> ReadOutputAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _pumps[0].ReadAsync(buffer, cancellationToken);

    public ValueTask<int> ReadErrorAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _pumps.Length == 1 ? ValueTask.FromResult(0) : _pumps[1].ReadAsync(buffer, cancellationToken);

    public void Interrupt(bool quit) => _child.Signal(quit ? LibC.SigQuit : LibC.SigInt);

    public ValueTask DisposeAsync()
    {
        _child.Dispose();
        Array.ForEach(_pumps, pump => pump.Dispose());
        Array.ForEach(_files, file => file.Dispose());
        return ValueTask.CompletedTask;
    }
}

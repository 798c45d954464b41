using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using SsmTools.Engine.Terminal;

namespace SsmTools.Sandbox.Pty;

/// <summary>
/// A Windows pseudo-console. The program is in a job that dies with its handle, so that nothing it starts outlives it,
/// not even when this process is killed.
/// </summary>
internal sealed class WindowsPseudoTerminal : IPseudoTerminal
{
    private readonly nint _console;
    private readonly SafeFileHandle _job;
    private readonly Process _process;
    private readonly FileStream _input;
    private readonly FileStream _output;
    private readonly object _gate = new();
    private bool _consoleClosed;
    private bool _disposed;

    private WindowsPseudoTerminal(nint console, SafeFileHandle job, Process process, SafeFileHandle input, SafeFileHandle output)
    {
        _console = console;
        _job = job;
        _process = process;
        _input = new FileStream(input, FileAccess.Write, 0);
        _output = new FileStream(output, FileAccess.Read, 0);
        Exited = WaitForExitAsync();
    }

    public int ProcessId => _process.Id;

    public Task<int> Exited { get; }

    /// <summary>Opens a console and starts a program on it.</summary>
    /// <exception cref="IOException">Windows refused.</exception>
    public static WindowsPseudoTerminal Start(PseudoTerminalOptions options)
    {
        // The console's ends of the pipes are duplicated into it; ours must be closed, or the end is never seen.
        Check(ConPty.CreatePipe(out SafeFileHandle consoleInput, out SafeFileHandle input, 0, 0), options);
        using (consoleInput)
        {
            Check(ConPty.CreatePipe(out SafeFileHandle output, out SafeFileHandle consoleOutput, 0, 0), options);
            using (consoleOutput)
            {
                Check(
                    ConPty.CreatePseudoConsole(ToNative(options.Size), consoleInput, consoleOutput, 0, out nint console) == 0,
                    options);
                SafeFileHandle job = WindowsSpawn.CreateJob();
                try
                {
                    return new WindowsPseudoTerminal(console, job, WindowsSpawn.Start(options, console, job), input, output);
                }
                catch (Win32Exception e)
                {
                    job.Dispose();
                    input.Dispose();
                    output.Dispose();
                    ConPty.ClosePseudoConsole(console);
                    throw new IOException($"{options.FileName} could not be started: {e.Message}", e);
                }
            }
        }
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await _input.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program is gone.
        }
    }

    public void Resize(TerminalSize size)
    {
        lock (_gate)
        {
            if (!_consoleClosed)
            {
                _ = ConPty.ResizePseudoConsole(_console, ToNative(size));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        // Closing the job kills whatever is in it; the console then ends by itself.
        _job.Dispose();
        await Exited.ConfigureAwait(false);
        await _input.DisposeAsync().ConfigureAwait(false);
        await _output.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        int exitCode = _process.ExitCode;

        // A console outlives its program, and nobody would see the end of the output. Before Windows 11 24H2 closing
        // waits until the output was read: not on a thread that has to read it.
        _ = Task.Run(CloseConsole);
        return exitCode;
    }

    private void CloseConsole()
    {
        lock (_gate)
        {
            _consoleClosed = true;
        }

        ConPty.ClosePseudoConsole(_console);
    }

    private static ConPty.Coordinates ToNative(TerminalSize size) => new()
    {
        X = (short)Math.Clamp(size.Columns, 1, short.MaxValue),
        Y = (short)Math.Clamp(size.Rows, 1, short.MaxValue),
    };

    private static void Check(bool success, PseudoTerminalOptions options)
    {
        if (!success)
        {
            throw new IOException($"{options.FileName} could not be started: no pseudo-console could be made.");
        }
    }
}

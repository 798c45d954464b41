using System.ComponentModel;
using System.Diagnostics;

namespace SsmTools.Sandbox.Pty;

/// <summary>A program on pipes, on Windows. Output and errors that are not to come apart come in the order of their reading.</summary>
internal sealed class WindowsPipedProcess : IPipedProcess
{
    private readonly Process _process;
    private readonly bool _isSeparate;
    private bool _isOutputRead;

    private WindowsPipedProcess(Process process, bool isSeparate)
    {
        _process = process;
        _isSeparate = isSeparate;
        Exited = WaitForExitAsync();
    }

    public Task<int> Exited { get; }

    /// <summary>Starts a program.</summary>
    /// <exception cref="IOException">Windows refused.</exception>
    public static WindowsPipedProcess Start(PseudoTerminalOptions options, bool isSeparate)
    {
        ProcessStartInfo start = new(options.FileName, options.Arguments)
        {
            WorkingDirectory = options.WorkingDirectory,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            return new WindowsPipedProcess(process, isSeparate);
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{options.FileName} could not be started: {e.Message}", e);
        }
    }

    public async ValueTask<int> ReadOutputAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_isOutputRead)
        {
            int count = await _process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count > 0 || _isSeparate)
            {
                return count;
            }

            _isOutputRead = true;
        }

        return await _process.StandardError.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<int> ReadErrorAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        _isSeparate ? _process.StandardError.BaseStream.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(0);

    public void Interrupt(bool quit) => Kill();

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Exited.ConfigureAwait(false);
        _process.Dispose();
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            // It has ended.
        }
    }

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return _process.ExitCode;
    }
}

using System.Text;
using System.Threading.Channels;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Pty;

namespace SsmTools.Sandbox.Agents;

/// <summary>A command without a terminal, whose output comes apart as it is written, or in one when it has ended.</summary>
internal sealed class CommandProgram : ISessionProgram
{
    private const int ChunkLength = 8 * 1024;

    /// <summary>What the real agent reads at a time; with prefixes it shows.</summary>
    private const int PrefixedLength = 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    private readonly IPipedProcess _process;
    private readonly CommandOutput _how;
    private readonly Channel<(PayloadType Type, byte[] Data)> _output = Channel.CreateBounded<(PayloadType, byte[])>(16);
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _timeProvider;
    private readonly FileStream? _spool;
    private readonly Task _pumping;
    private (PayloadType Type, ReadOnlyMemory<byte> Data) _rest;

    private CommandProgram(IPipedProcess process, CommandOutput how, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _process = process;
        _how = how;
        if (!how.IsSeparate)
        {
            // A file, as in the real agent: the command must not wait for a reader that waits for its end.
            _spool = new FileStream(
                Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None,
                ChunkLength, FileOptions.DeleteOnClose);
        }

        _pumping = PumpAsync();
    }

    public Task<int> Exited => _process.Exited;

    /// <summary>Starts a command.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static CommandProgram Start(PseudoTerminalOptions options, CommandOutput how) =>
        new(PipedProcess.Start(options, how.IsSeparate), how, options.TimeProvider);

    public async ValueTask<ProgramOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_spool is not null)
        {
            return await ReadSpoolAsync(_spool, buffer, cancellationToken).ConfigureAwait(false);
        }

        while (_rest.Data.IsEmpty)
        {
            if (!await _output.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await _process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false); // one may close its output and go on
                return default;
            }

            if (_output.Reader.TryRead(out (PayloadType Type, byte[] Data) chunk))
            {
                _rest = chunk;
            }
        }

        int count = Math.Min(buffer.Length, _rest.Data.Length);
        _rest.Data[..count].CopyTo(buffer);
        _rest.Data = _rest.Data[count..];
        return new ProgramOutput(_rest.Type, count);
    }

    /// <summary>No input: only Ctrl-C and Ctrl-\ are looked for, and the first of them counts.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        int index = data.Span.IndexOfAny((byte)0x03, (byte)0x1C);
        if (index >= 0)
        {
            _process.Interrupt(quit: data.Span[index] == 0x1C);
        }

        return ValueTask.CompletedTask;
    }

    public void Resize(TerminalSize size)
    {
        // There is no window.
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        if (_spool is not null)
        {
            await _spool.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<ProgramOutput> ReadSpoolAsync(FileStream spool, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_stop.IsCancellationRequested)
        {
            // The end of the command counts, not that of what it left running.
            await _process.Exited.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.WhenAny(_pumping, Task.Delay(s_patience, _timeProvider, cancellationToken)).ConfigureAwait(false);
            await _stop.CancelAsync().ConfigureAwait(false);
            await _pumping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            spool.Position = 0;
        }

        return new ProgramOutput(PayloadType.Output, await spool.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
    }

    private async Task PumpAsync()
    {
        await Task.WhenAll(
            PumpAsync(PayloadType.Output, _process.ReadOutputAsync, _how.OutputPrefix),
            PumpAsync(PayloadType.StandardError, _process.ReadErrorAsync, _how.ErrorPrefix)).ConfigureAwait(false);
        _output.Writer.Complete();
    }

    private async Task PumpAsync(
        PayloadType type, Func<Memory<byte>, CancellationToken, ValueTask<int>> readAsync, string prefixText)
    {
        byte[] prefix = _how.IsSeparate ? Encoding.ASCII.GetBytes(prefixText) : [];
        byte[] buffer = new byte[prefix.Length == 0 ? ChunkLength : PrefixedLength - prefix.Length];
        bool isLineStart = true;
        try
        {
            int count;
            while ((count = await readAsync(buffer, _stop.Token).ConfigureAwait(false)) > 0)
            {
                if (_spool is not null)
                {
                    await _spool.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
                    continue;
                }

                byte[] chunk = isLineStart ? [.. prefix, .. buffer.AsSpan(0, count)] : buffer.AsSpan(0, count).ToArray();
                isLineStart = buffer[count - 1] == '\n';
                await _output.Writer.WriteAsync((type, chunk), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Killed, or its output is not wanted any more.
        }
    }
}

using System.Buffers;
using System.Threading.Channels;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Reads what somebody types, and acts on escapes at once, also while nothing can be sent because the link is lost:
/// what is to be sent waits. It goes as it was typed.
/// </summary>
/// <remarks>
/// The references make a carriage return of a line feed that comes alone (session-manager-plugin, shellsession), since
/// their terminal makes line feeds of the Enter key. In raw mode Enter is a carriage return, and a line feed is Ctrl-J, or
/// what a paste happens to end with.
/// </remarks>
/// <param name="terminal">Where somebody types.</param>
/// <param name="escape">The escape character; none where null.</param>
/// <param name="show">Shows a text, if there is room for it.</param>
internal sealed class KeyboardReader(ITerminal terminal, char? escape, Action<string> show)
{
    private const int ChunkLength = 8 * 1024;

    /// <summary>What may wait for a link; with more than that a paste holds up the terminal, and the escapes too.</summary>
    private const int MostWaiting = 4 * 1024 * 1024;

    private readonly EscapeScanner? _scanner = escape is { } character ? new EscapeScanner(character) : null;
    private readonly ArrayBufferWriter<byte> _scanned = new(ChunkLength + 1);
    private readonly Channel<byte[]> _keys = Channel.CreateUnbounded<byte[]>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly AsyncSignal _sent = new();
    private long _waiting;

    /// <summary>Runs until somebody leaves, or the terminal is gone and everything sent.</summary>
    /// <param name="send">Sends a piece, when there is room for it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether somebody left.</returns>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public async Task<bool> RunAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<bool> read = ReadAsync(stop.Token);
        Task write = SendAsync(send, stop.Token);
        try
        {
            Task first = await Task.WhenAny(read, write).ConfigureAwait(false);
            if (first == read && await read.ConfigureAwait(false))
            {
                return true;
            }

            await write.ConfigureAwait(false);
            return await read.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(read, write).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[ChunkLength];
        while (true)
        {
            int length = await terminal.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                _keys.Writer.Complete();
                return false;
            }

            if (Scan(buffer.AsSpan(0, length)))
            {
                return true;
            }

            while (Interlocked.Read(ref _waiting) > MostWaiting)
            {
                await _sent.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Queues what is to be sent. Whether somebody leaves.</summary>
    private bool Scan(ReadOnlySpan<byte> typed)
    {
        if (_scanner is null)
        {
            Enqueue(typed);
            return false;
        }

        _scanned.ResetWrittenCount();
        while (!typed.IsEmpty)
        {
            EscapeAction action = _scanner.Scan(typed, _scanned, out int consumed);
            if (action == EscapeAction.Leave)
            {
                return true;
            }

            if (action == EscapeAction.Help)
            {
                show(EscapeText.Help(escape!.Value));
            }

            typed = typed[consumed..];
        }

        Enqueue(_scanned.WrittenSpan);
        return false;
    }

    private void Enqueue(ReadOnlySpan<byte> keys)
    {
        if (!keys.IsEmpty)
        {
            Interlocked.Add(ref _waiting, keys.Length);
            _keys.Writer.TryWrite(keys.ToArray());
        }
    }

    private async Task SendAsync(
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, CancellationToken cancellationToken)
    {
        await foreach (byte[] keys in _keys.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await send(keys, cancellationToken).ConfigureAwait(false);
            Interlocked.Add(ref _waiting, -keys.Length);
            _sent.Set();
        }
    }
}

using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// Carries input from a terminal to a shell. What somebody types goes as it is; see <see cref="KeyboardReader"/>. What
/// comes from a file or a pipe is typed: every line end becomes a carriage return, so that the remote shell runs the line.
/// </summary>
internal sealed class InputTyper(
    SessionChannel channel,
    ITerminal terminal,
    KeyboardReader? keyboard,
    bool isWindowsNode,
    Func<long> outputBytes,
    TimeProvider timeProvider)
{
    /// <summary>How long a session that has had all its input may be quiet before the end is typed again.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(5);

    private static readonly byte[] s_endOfTransmission = [0x04];
    private static readonly byte[] s_exit = "exit\r"u8.ToArray();

    private byte _last;

    /// <summary>Bytes sent.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Runs until somebody leaves, or else until it is cancelled: the session ends by its shell, not by its input.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (keyboard is null)
        {
            await TypeFileAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (await keyboard.RunAsync(SendAsync, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        await TypeEndAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing is read ahead of what was sent: the rest is for whoever reads next.</summary>
    private async Task TypeFileAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[8 * 1024];
        while (true)
        {
            int length = await terminal.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (length == 0)
            {
                return;
            }

            byte last = buffer[length - 1];
            int typed = FromFile(buffer.AsSpan(0, length));
            await SendAsync(buffer.AsMemory(0, typed), cancellationToken).ConfigureAwait(false);
            _last = last;
        }
    }

    /// <summary>Turns LF and CRLF into CR in place. The length of what is left.</summary>
    private int FromFile(Span<byte> bytes)
    {
        int typed = 0;
        byte previous = _last;
        foreach (byte value in bytes)
        {
            if (value != (byte)'\n')
            {
                bytes[typed++] = value;
            }
            else if (previous != (byte)'\r')
            {
                bytes[typed++] = (byte)'\r';
            }

            previous = value;
        }

        return typed;
    }

    /// <summary>
    /// Says that there is no more input. Ctrl-D ends a Unix shell, and first whatever reads in it; Windows shells know
    /// no such key, and are told to exit. Which of them is there the channel does not say, and the end of a file stays
    /// the end however often it is read: so both are typed in turn while the session stays open and quiet.
    /// </summary>
    private async Task TypeEndAsync(CancellationToken cancellationToken)
    {
        if (_last is not (0 or (byte)'\n' or (byte)'\r'))
        {
            await SendAsync("\r"u8.ToArray(), cancellationToken).ConfigureAwait(false); // a last line without its end
        }

        bool isExit = isWindowsNode;
        while (true)
        {
            await SendAsync(isExit ? s_exit : s_endOfTransmission, cancellationToken).ConfigureAwait(false);
            isExit = isWindowsNode || !isExit;
            long seen;
            do
            {
                seen = outputBytes();
                await Task.Delay(s_quiet, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            while (outputBytes() != seen);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await channel.SendAsync(PayloadType.Output, bytes, cancellationToken).ConfigureAwait(false);
        BytesSent += bytes.Length;
    }
}

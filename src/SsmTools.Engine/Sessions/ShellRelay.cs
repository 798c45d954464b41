using System.Text;
using System.Threading.Channels;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>Everything between a terminal and the channel of a shell, for one run.</summary>
internal sealed class ShellRelay : IDisposable
{
    /// <summary>How long a program sees another size before the right one, so that it draws its screen again.</summary>
    private static readonly TimeSpan s_nudge = TimeSpan.FromMilliseconds(100);

    private readonly SessionChannel _channel;
    private readonly LinkTerminal _terminal;
    private readonly string _target;
    private readonly string? _documentName;
    private readonly InputTyper _input;
    private readonly AsyncSignal _resized = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Bounded: a terminal that does not keep up holds the channel back, not the memory.
    private readonly Channel<byte[]> _output = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(256) { SingleReader = true });

    private readonly TimeProvider _timeProvider;
    private readonly char? _escape;

    private IDisposable? _rawMode;
    private TerminalSize _size;
    private int _needsRedraw;
    private long _bytesReceived;

    public ShellRelay(SessionChannel channel, ITerminal terminal, ShellSessionOptions options, TimeProvider timeProvider)
    {
        _channel = channel;
        _terminal = new LinkTerminal(terminal);
        _target = options.Target;
        _documentName = options.DocumentName;
        _timeProvider = timeProvider;
        _escape = options.EscapeCharacter;
        KeyboardReader? keyboard = terminal.IsInteractive
            ? new KeyboardReader(_terminal, _escape, text => _output.Writer.TryWrite(Encoding.UTF8.GetBytes(text)))
            : null;
        _input = new InputTyper(
            channel, _terminal, keyboard, options.IsWindowsNode, () => BytesReceived, timeProvider);
        _terminal.SizeChanged += _resized.Set;
        _terminal.RedrawNeeded += OnRedrawNeeded;
    }

    /// <summary>Bytes of input.</summary>
    public long BytesSent => _input.BytesSent;

    /// <summary>Bytes of output.</summary>
    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    /// <summary>Whether somebody pressed Ctrl-C while the link was away, and so ended the run.</summary>
    public bool IsAbandoned => _terminal.Abandoned.IsCompleted;

    /// <summary>Whether somebody left by the escape for it.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>What the program exited with, where the agent told it.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>Puts the terminal back.</summary>
    public void Dispose()
    {
        _terminal.SizeChanged -= _resized.Set;
        _terminal.RedrawNeeded -= OnRedrawNeeded;
        Interlocked.Exchange(ref _rawMode, null)?.Dispose();
    }

    /// <summary>Runs until the session ends, and all its output is shown, or until somebody leaves.</summary>
    /// <returns>
    /// As <see cref="SessionChannel.RunAsync"/>; null also where <see cref="HasLeft"/> or <see cref="IsAbandoned"/>.
    /// </returns>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public async Task<ChannelEvent?> RunAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<ChannelEvent?> carry = _channel.RunAsync(OnEventAsync, OnLinkAsync, stop.Token);
        Task input = TypeAsync(stop.Token);
        Task resize = ResizeAsync(stop.Token);
        Task output = ShowAsync(stop.Token);
        try
        {
            Task first = await Task.WhenAny(carry, input, resize, output, _terminal.Abandoned).ConfigureAwait(false);
            if (first == _terminal.Abandoned)
            {
                return null;
            }

            if (first == carry)
            {
                _output.Writer.Complete();
                await output.ConfigureAwait(false);
            }

            await first.ConfigureAwait(false); // resize and output end only by a failure
            HasLeft = first == input;
            return HasLeft ? null : await carry.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(carry, input, resize, output).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask OnEventAsync(ChannelEvent channelEvent, CancellationToken cancellationToken)
    {
        switch (channelEvent.Kind)
        {
            case ChannelEventKind.Opened:
                Open(channelEvent.Opening!);
                if (channelEvent.Opening!.CustomerMessage is { Length: > 0 } message)
                {
                    await ShowAsync(Encoding.UTF8.GetBytes(message + "\r\n"), cancellationToken)
                        .ConfigureAwait(false);
                }

                break;
            case ChannelEventKind.Payload
                when channelEvent.PayloadType is PayloadType.Output or PayloadType.StandardError:
                Interlocked.Add(ref _bytesReceived, channelEvent.Data.Length);
                await ShowAsync(channelEvent.Data.ToArray(), cancellationToken).ConfigureAwait(false);
                break;
            case ChannelEventKind.Payload when channelEvent.PayloadType == PayloadType.ExitCode:
                ExitCode = ExitCodePayload.TryRead(channelEvent.Data.Span) ?? ExitCode;
                break;
            default:
                break;
        }
    }

    /// <summary>A line between what the shell wrote. Not where a script reads the output: there it would be data.</summary>
    private async ValueTask OnLinkAsync(LinkState state, CancellationToken cancellationToken)
    {
        // A node that does not answer may only be busy: then Ctrl-C is for it, if there is another way to leave.
        _terminal.IsLinkAway = state == LinkState.Away || (state == LinkState.Unanswered && _escape is null);
        if (_terminal.IsInteractive)
        {
            await ShowAsync(Encoding.UTF8.GetBytes(LinkText.Of(state, _escape)), cancellationToken).ConfigureAwait(false);
            if (state == LinkState.Back)
            {
                OnRedrawNeeded(); // the line was written over whatever a program had drawn
            }
        }
    }

    /// <summary>Raw mode only now: until here Ctrl-C must end the command, not be typed.</summary>
    private void Open(ChannelOpening opening)
    {
        if (opening.SessionType == SessionType.Port)
        {
            throw SessionDocuments.NotAShell(_documentName, _target);
        }

        _rawMode = _terminal.IsInteractive ? _terminal.EnterRawMode() : null;
        SendSize();
        _opened.TrySetResult();
    }

    private async Task TypeAsync(CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        await _input.RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task ResizeAsync(CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await _resized.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _needsRedraw, 0) == 1)
            {
                SendSize(isNudge: true);
                await Task.Delay(s_nudge, _timeProvider, cancellationToken).ConfigureAwait(false);
            }

            SendSize();
        }
    }

    private void OnRedrawNeeded()
    {
        _needsRedraw = 1;
        _resized.Set();
    }

    /// <param name="isNudge">One line less than there are.</param>
    private void SendSize(bool isNudge = false)
    {
        TerminalSize size = _terminal.Size ?? TerminalSize.WhereNone;
        size = isNudge ? size with { Rows = Math.Max(1, size.Rows - 1) } : size;
        if (size == _size)
        {
            return;
        }

        TerminalSizePayload payload = new(size.Columns, size.Rows);
        if (_channel.TrySend(PayloadType.Size, ProtocolJson.Write(payload, ProtocolJson.Wire.TerminalSizePayload)))
        {
            _size = size;
        }
    }

    private ValueTask ShowAsync(byte[] bytes, CancellationToken cancellationToken) =>
        _output.Writer.WriteAsync(bytes, cancellationToken);

    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        await foreach (byte[] bytes in _output.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            await _terminal.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }
}

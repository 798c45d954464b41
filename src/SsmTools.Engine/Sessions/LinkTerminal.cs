using SsmTools.Engine.Terminal;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A terminal whose Ctrl-C is meant for this side while there is no link that could carry it: in raw mode it is a byte
/// like any other, and nothing else would end the wait for the link.
/// </summary>
internal sealed class LinkTerminal(ITerminal terminal) : ITerminal
{
    private const byte EndOfText = 0x03;

    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isLinkAway;

    public event Action? SizeChanged
    {
        add => terminal.SizeChanged += value;
        remove => terminal.SizeChanged -= value;
    }

    public event Action? RedrawNeeded
    {
        add => terminal.RedrawNeeded += value;
        remove => terminal.RedrawNeeded -= value;
    }

    public TerminalSize? Size => terminal.Size;

    public bool IsInteractive => terminal.IsInteractive;

    /// <summary>Whether the link is sought, and somebody was told so.</summary>
    public bool IsLinkAway
    {
        get => _isLinkAway;
        set => _isLinkAway = value;
    }

    /// <summary>Completes when Ctrl-C is pressed while the link is away.</summary>
    public Task Abandoned => _abandoned.Task;

    public IDisposable EnterRawMode() => terminal.EnterRawMode();

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int length = await terminal.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (_isLinkAway && terminal.IsInteractive && buffer.Span[..length].Contains(EndOfText))
        {
            _abandoned.TrySetResult();
        }

        return length;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        terminal.WriteAsync(data, cancellationToken);
}

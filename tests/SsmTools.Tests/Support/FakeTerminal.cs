using System.Text;
using System.Threading.Channels;
using SsmTools.Engine.Terminal;

namespace SsmTools.Tests.Support;

/// <summary>A terminal whose keys are pressed by a test, and whose screen is text.</summary>
internal sealed class FakeTerminal : ITerminal
{
    private readonly Channel<byte[]> _keys = Channel.CreateUnbounded<byte[]>();
    private readonly StringBuilder _screen = new();
    private readonly List<(string Text, TaskCompletionSource Shown)> _watchers = [];
    private ReadOnlyMemory<byte> _rest;
    private TerminalSize? _size = new(80, 24);

    public event Action? SizeChanged;

    public event Action? RedrawNeeded;

    public bool IsInteractive { get; init; } = true;

    /// <summary>What a write does, if not show.</summary>
    public Func<CancellationToken, ValueTask>? OnWrite { get; init; }

    public bool IsRaw { get; private set; }

    public int TimesRestored { get; private set; }

    public TerminalSize? Size
    {
        get => _size;
        set
        {
            _size = value;
            SizeChanged?.Invoke();
        }
    }

    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    public void Type(string keys) => _keys.Writer.TryWrite(Encoding.UTF8.GetBytes(keys));

    public void Type(byte[] keys) => _keys.Writer.TryWrite(keys);

    /// <summary>Does what a terminal does when its process was stopped and is continued.</summary>
    public void Continue() => RedrawNeeded?.Invoke();

    public void EndInput() => _keys.Writer.Complete();

    public Task WhenShownAsync(string text, CancellationToken cancellationToken)
    {
        TaskCompletionSource shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_screen)
        {
            _watchers.Add((text, shown));
            Notify();
        }

        return shown.Task.WaitAsync(cancellationToken);
    }

    public IDisposable EnterRawMode()
    {
        IsRaw = true;
        return new Mode(this);
    }

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_rest.IsEmpty)
        {
            if (!await _keys.Reader.WaitToReadAsync(cancellationToken) || !_keys.Reader.TryRead(out byte[]? keys))
            {
                return 0;
            }

            _rest = keys;
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (OnWrite is not null)
        {
            await OnWrite(cancellationToken);
        }

        lock (_screen)
        {
            _screen.Append(Encoding.UTF8.GetString(data.Span));
            Notify();
        }
    }

    private void Notify() => _watchers.RemoveAll(watcher =>
        _screen.ToString().Contains(watcher.Text, StringComparison.Ordinal) && watcher.Shown.TrySetResult());

    private sealed class Mode(FakeTerminal terminal) : IDisposable
    {
        public void Dispose()
        {
            if (terminal.IsRaw)
            {
                terminal.IsRaw = false;
                terminal.TimesRestored++;
            }
        }
    }
}

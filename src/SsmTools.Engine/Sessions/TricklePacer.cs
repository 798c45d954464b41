using System.Threading.Tasks.Sources;

namespace SsmTools.Engine.Sessions;

/// <summary>
/// A pause between two readings of a trickle, after which the reader goes on upon a thread of its own: a thread of the pool
/// that is woken so often spends more on looking about for further work than on what it was woken for. The thread is there
/// only while it is needed. One pauses at a time.
/// </summary>
internal sealed class TricklePacer : IValueTaskSource, IDisposable
{
    /// <summary>For how long the thread stays when nobody pauses.</summary>
    private static readonly TimeSpan s_stay = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private ManualResetValueTaskSourceCore<bool> _pause;
    private TimeSpan _length;
    private bool _isWanted;
    private bool _isRunning;
    private bool _isDisposed;

    /// <summary>Pauses.</summary>
    public ValueTask PauseAsync(TimeSpan length)
    {
        _pause.Reset();
        short version = _pause.Version;
        lock (_gate)
        {
            _length = length;
            if (_isDisposed)
            {
                _pause.SetResult(true);
                return new ValueTask(this, version);
            }

            _isWanted = true;
            if (!_isRunning)
            {
                _isRunning = true;
                new Thread(Run) { IsBackground = true, Name = "SsmTools trickle" }.UnsafeStart();
            }
            else
            {
                Monitor.Pulse(_gate);
            }
        }

        return new ValueTask(this, version);
    }

    /// <summary>Lets the thread go; who pauses goes on after the pause.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _pause.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _pause.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pause.OnCompleted(continuation, state, token, flags);

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isWanted && !_isDisposed)
                {
                    Monitor.Wait(_gate, s_stay);
                }

                if (!_isWanted)
                {
                    _isRunning = false;
                    return;
                }

                _isWanted = false;
            }

            Thread.Sleep(_length);
            _pause.SetResult(true);
        }
    }
}

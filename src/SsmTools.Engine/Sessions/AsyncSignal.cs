using System.Threading.Channels;

namespace SsmTools.Engine.Sessions;

/// <summary>Lets one waiter know that there is something to look at; setting it several times counts once.</summary>
/// <param name="runsInline">
/// Whether <see cref="Set"/> itself runs the waiter where it waits already: no thread is woken, but who sets it should hold
/// no lock.
/// </param>
internal sealed class AsyncSignal(bool runsInline = false)
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = runsInline });

    /// <summary>Wakes the waiter, now or when it comes.</summary>
    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Wakes the waiter on another thread.</summary>
    public void SetElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static self => self.Set(), this, preferLocal: true);

    /// <summary>Waits until it is set, and resets it.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken) =>
        await _channel.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
}

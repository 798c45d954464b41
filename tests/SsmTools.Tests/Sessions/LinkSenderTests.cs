using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

public sealed class LinkSenderTests : IDisposable
{
    private readonly CancellationTokenSource _link = new();
    private readonly Queue<byte> _waiting = new();
    private readonly Gate _gate = new();

    public void Dispose() => _link.Dispose();

    [Fact]
    public async Task Who_kicks_sends_all_that_waits_in_one_piece()
    {
        LinkSender sender = new(_gate, Next, _link.Token);
        Add(1, 2, 3);
        sender.Kick();
        Assert.Equal("[1 2 3]", _gate.Log);

        sender.Kick(); // nothing waits: nothing is written
        Add(4);
        sender.Kick();
        Assert.Equal("[1 2 3][4]", _gate.Log);
        await sender.StopAsync();
        Assert.False(await sender.Ended);
    }

    [Fact]
    public async Task What_comes_while_another_sends_is_sent_by_that_one()
    {
        LinkSender sender = new(_gate, Next, _link.Token);
        _gate.Close();
        Add(1);
        sender.Kick();
        Add(2, 3);
        sender.Kick();
        Assert.Equal("[1", _gate.Log);

        _gate.Open();
        await _gate.Released.WaitAsync(TestTimeout.Token);
        Assert.Equal("[1 2 3]", _gate.Log);
        await sender.StopAsync();
    }

    [Fact]
    public async Task Stopped_it_sends_nothing_more_and_has_waited_for_what_was_being_sent()
    {
        LinkSender sender = new(_gate, Next, _link.Token);
        _gate.Close();
        Add(1, 2);
        sender.Kick();
        Task stop = sender.StopAsync();
        Assert.False(stop.IsCompleted);

        _gate.Open();
        await stop.WaitAsync(TestTimeout.Token);
        sender.Kick();
        Assert.DoesNotContain("2", _gate.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_is_gone_ends_it_and_one_that_was_given_up_says_so()
    {
        LinkSender lost = new(_gate, Next, _link.Token);
        _gate.IsGone = true;
        Add(1);
        lost.Kick();
        Assert.False(await lost.Ended.WaitAsync(TestTimeout.Token));
        await lost.StopAsync().WaitAsync(TestTimeout.Token);

        LinkSender silent = new(_gate, Next, _link.Token);
        silent.GiveUp();
        Assert.True(await silent.Ended.WaitAsync(TestTimeout.Token));
        await silent.StopAsync().WaitAsync(TestTimeout.Token);
    }

    [Fact]
    public async Task Kicks_from_many_threads_lose_nothing_and_keep_the_order()
    {
        const int Count = 20_000;
        int next = 0;
        int added = 0;
        List<int> sent = [];
        Gate gate = new() { OnSend = frame => sent.Add(BitConverter.ToInt32(frame.Span)) };
        LinkSender sender = new(
            gate,
            () =>
            {
                lock (sent)
                {
                    return next < Volatile.Read(ref added) ? BitConverter.GetBytes(next++).AsMemory() : default(ReadOnlyMemory<byte>?);
                }
            },
            _link.Token);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Count / 4; i++)
            {
                Interlocked.Increment(ref added);
                sender.Kick();
            }
        }))).WaitAsync(TestTimeout.Token);
        await sender.StopAsync().WaitAsync(TestTimeout.Token);

        Assert.Equal(Enumerable.Range(0, Count), sent);
    }

    private void Add(params byte[] values)
    {
        foreach (byte value in values)
        {
            _waiting.Enqueue(value);
        }
    }

    private ReadOnlyMemory<byte>? Next() => _waiting.TryDequeue(out byte value) ? new byte[] { value }.AsMemory() : default(ReadOnlyMemory<byte>?);

    /// <summary>A link that can be stuck, or gone, and writes down what goes over it, each piece in brackets.</summary>
    private sealed class Gate : IMessageTransport
    {
        private readonly TaskCompletionSource _released = new();
        private TaskCompletionSource? _closed;

        /// <summary>Completes when a piece was released for the first time.</summary>
        public Task Released => _released.Task;

        public string Log { get; private set; } = "";

        public bool IsGone { get; set; }

        public Action<ReadOnlyMemory<byte>>? OnSend { get; init; }

        public void Close() => _closed = new TaskCompletionSource();

        public void Open()
        {
            TaskCompletionSource? closed = _closed;
            _closed = null;
            closed?.SetResult();
        }

        public void Hold() => Log += OnSend is null ? "[" : "";

        public ValueTask ReleaseAsync(CancellationToken cancellationToken)
        {
            Log += OnSend is null ? "]" : "";
            _released.TrySetResult();
            return ValueTask.CompletedTask;
        }

        public ValueTask SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
        {
            if (IsGone)
            {
                return ValueTask.FromException(new IOException("The link is gone."));
            }

            if (OnSend is not null)
            {
                OnSend(frame);
                return ValueTask.CompletedTask;
            }

            Log += (Log.EndsWith('[') ? "" : " ") + frame.Span[0];
            return _closed is null ? ValueTask.CompletedTask : new ValueTask(_closed.Task);
        }

        public ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

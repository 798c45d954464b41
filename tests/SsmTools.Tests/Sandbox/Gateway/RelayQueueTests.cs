using SsmTools.Sandbox.Gateway;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Gateway;

public sealed class RelayQueueTests
{
    private readonly RelayQueue _queue = new();

    [Fact]
    public void Messages_come_out_in_the_order_in_which_they_went_in()
    {
        int socket = _queue.Attach();
        _queue.Add([1], 0);
        _queue.Add([2], null);
        _queue.Add([3], 1);

        Assert.Equal([1, 2, 3], TakeAll(socket));
    }

    [Fact]
    public void A_new_socket_gets_what_was_not_acknowledged_and_then_the_rest()
    {
        int first = _queue.Attach();
        _queue.Add([0], 0);
        _queue.Add([1], 1);
        _queue.Add([9], null);
        _queue.Add([2], 2);
        Assert.Equal([0, 1, 9, 2], TakeAll(first));
        _queue.Acknowledge(1);
        _queue.Add([3], 3);

        int second = _queue.Attach();

        Assert.Equal([0, 2, 3], TakeAll(second));
        Assert.Empty(TakeAll(first));
    }

    [Fact]
    public void The_old_socket_takes_nothing_any_more()
    {
        int first = _queue.Attach();
        _queue.Attach();
        _queue.Add([1], 0);

        Assert.False(_queue.TryTake(first, out _));
    }

    [Fact]
    public void What_waits_already_is_not_added_again_but_a_resend_of_what_was_delivered_is()
    {
        int socket = _queue.Attach();
        _queue.Add([1], 0);
        _queue.Add([1], 0);
        Assert.Equal([1], TakeAll(socket));

        _queue.Add([1], 0);
        Assert.Equal([1], TakeAll(socket));
    }

    [Fact]
    public void A_full_queue_says_so_and_never_grows_without_bound()
    {
        _queue.Attach();
        long number = 0;
        byte[] frame = new byte[32 * 1024];
        while (_queue.HasRoom)
        {
            _queue.Add(frame, number++);
        }

        Assert.Equal(128, number);
        for (int i = 0; i < 1000; i++)
        {
            _queue.Add(frame, number++);
        }

        Assert.InRange(TakeAll(_queue.Attach()).Count, 128, 256);
    }

    [Fact]
    public async Task A_change_wakes_who_waits()
    {
        int socket = _queue.Attach();
        Task changed = _queue.Changed;
        Assert.False(changed.IsCompleted);

        _queue.Add([1], 0);
        await changed.WaitAsync(TestTimeout.Token);

        Assert.True(_queue.TryTake(socket, out _));
    }

    [Fact]
    public void Nothing_follows_the_last_message()
    {
        int socket = _queue.Attach();
        _queue.Add([1], 0);
        _queue.Complete([2]);
        _queue.Add([3], 1);
        _queue.Complete([4]);

        Assert.False(_queue.IsFinished);
        Assert.Equal([1, 2], TakeAll(socket));
        Assert.True(_queue.IsFinished);
    }

    private List<int> TakeAll(int socket)
    {
        List<int> taken = [];
        while (_queue.TryTake(socket, out RelayFrame frame))
        {
            taken.Add(frame.Bytes[0]);
        }

        return taken;
    }
}

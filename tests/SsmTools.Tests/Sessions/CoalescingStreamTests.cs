using System.Net;
using System.Net.Sockets;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

public sealed class CoalescingStreamTests
{
    [Fact]
    public async Task What_is_held_goes_in_one_piece_and_in_order()
    {
        WriteLog inner = new();
        await using CoalescingStream stream = new(inner);
        await stream.WriteAsync(new byte[] { 1 }, TestTimeout.Token);
        stream.Hold();
        await stream.WriteAsync(new byte[] { 2 }, TestTimeout.Token);
        await stream.FlushAsync(TestTimeout.Token);
        await stream.WriteAsync(new byte[] { 3, 4 }, TestTimeout.Token);
        Assert.Equal([[1]], inner.Writes);

        await stream.ReleaseAsync(TestTimeout.Token);
        await stream.WriteAsync(new byte[] { 5 }, TestTimeout.Token);
        Assert.Equal([[1], [2, 3, 4], [5]], inner.Writes);
    }

    [Fact]
    public async Task No_more_waits_than_one_piece_and_what_is_large_goes_at_once_behind_it()
    {
        WriteLog inner = new();
        await using CoalescingStream stream = new(inner);
        stream.Hold();
        for (int i = 0; i < 100; i++)
        {
            await stream.WriteAsync(new byte[1000], TestTimeout.Token);
        }

        Assert.All(inner.Writes, write => Assert.InRange(write.Length, 1, 16 * 1024));
        int waiting = 100_000 - inner.Writes.Sum(write => write.Length);
        Assert.InRange(waiting, 0, 16 * 1024);

        await stream.WriteAsync(new byte[20_000], TestTimeout.Token);
        Assert.Equal(120_000, inner.Writes.Sum(write => write.Length));
        Assert.Equal([waiting, 20_000], inner.Writes.TakeLast(2).Select(write => write.Length));
    }

    [Fact]
    public async Task Writers_side_by_side_tear_nothing_apart()
    {
        WriteLog inner = new();
        await using CoalescingStream stream = new(inner);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 500; i++)
            {
                stream.Hold();
                await stream.WriteAsync(Enumerable.Repeat((byte)writer, 100).ToArray(), TestTimeout.Token);
                await stream.ReleaseAsync(TestTimeout.Token);
            }
        })));

        byte[][] pieces = [.. inner.Writes.SelectMany(write => write).Chunk(100)];
        Assert.Equal(4000, pieces.Length);
        Assert.All(pieces, piece => Assert.Single(piece.Distinct()));
    }

    [LinuxFact]
    public async Task It_tells_whether_something_came_and_wakes_the_reader_again_after_its_sleep()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using Socket near = new(SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndpoint, TestTimeout.Token);
        using Socket far = await listener.AcceptSocketAsync(TestTimeout.Token);
        await using CoalescingStream stream = new(new NetworkStream(near), near);
        Assert.True(stream.IsQuiet);

        stream.Sleep(true);
        byte[] buffer = new byte[10];
        ValueTask<int> reading = stream.ReadAsync(buffer, TestTimeout.Token);
        await far.SendAsync(new byte[] { 9 }, TestTimeout.Token);
        while (stream.IsQuiet)
        {
            await Task.Yield();
        }

        stream.Sleep(false);
        Assert.Equal(1, await reading);
        Assert.True(stream.IsQuiet);
        await far.SendAsync(new byte[] { 8, 7 }, TestTimeout.Token);
        Assert.Equal(1, await stream.ReadAsync(buffer.AsMemory(0, 1), TestTimeout.Token));
        Assert.False(stream.IsQuiet); // the other one was read with it, or will be
        Assert.Equal(1, await stream.ReadAsync(buffer.AsMemory(0, 1), TestTimeout.Token));
        Assert.True(stream.IsQuiet);
        near.Dispose();
        Assert.False(stream.IsQuiet);
        stream.Sleep(true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_come_is_read_ahead_and_given_in_order_whatever_is_asked_for(bool isSlow)
    {
        byte[] bytes = new byte[100_000];
        new Random(7).NextBytes(bytes);
        ReadLog inner = new(bytes, isSlow);
        await using CoalescingStream stream = new(inner);
        Random random = new(8);
        using MemoryStream read = new();
        while (read.Length < 50_000)
        {
            byte[] buffer = new byte[random.Next(0, 2000)];
            read.Write(buffer, 0, await stream.ReadAsync(buffer, TestTimeout.Token));
        }

        Assert.InRange(inner.Reads, 4, 4 + inner.EmptyReads); // 16 KB each
        byte[] rest = new byte[bytes.Length];
        for (int count; (count = await stream.ReadAsync(rest, TestTimeout.Token)) > 0;)
        {
            read.Write(rest, 0, count);
        }

        Assert.Equal(bytes, read.ToArray());
        Assert.Equal(0, await stream.ReadAsync(new byte[10], TestTimeout.Token));
        Assert.InRange(inner.Reads, 7, 7 + inner.EmptyReads); // what is large is not copied twice
    }

    /// <summary>Counts how often it is read, and takes its time for that or not.</summary>
    private sealed class ReadLog(byte[] bytes, bool isSlow) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public int EmptyReads { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (isSlow)
            {
                await Task.Yield();
            }

            Reads++;
            EmptyReads += buffer.IsEmpty ? 1 : 0;
            return Read(buffer.Span);
        }
    }

    /// <summary>Keeps every write apart, and takes its time for each.</summary>
    private sealed class WriteLog : MemoryStream
    {
        public List<byte[]> Writes { get; } = [];

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            byte[] bytes = buffer.ToArray();
            await Task.Yield();
            Writes.Add(bytes);
        }
    }
}

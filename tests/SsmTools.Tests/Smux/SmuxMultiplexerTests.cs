using SsmTools.Engine.Smux;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Smux;

/// <summary>Streams that are read and written at both ends.</summary>
public sealed class SmuxMultiplexerTests
{
    [Fact]
    public async Task Many_streams_carry_all_their_bytes_both_ways()
    {
        CancellationToken token = TestTimeout.Seconds(120);
        await using SmuxPair pair = new(TimeProvider.System);
        Task echoing = EchoAllAsync(pair.Server, token);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using SmuxStream stream = pair.Client.Open();
            using HashedStream sent = new((ulong)i, 300_000);
            using HashedStream received = new((ulong)i, 300_000);
            Task sending = SendAsync(stream, sent, 1 + (i * 397), token);
            byte[] buffer = new byte[20_000];
            int count;
            while ((count = await stream.ReadAsync(buffer, token)) > 0)
            {
                received.Take(buffer.AsSpan(0, count));
            }

            await sending;
            Assert.Equal((300_000L, 0L, sent.Hash), (received.Count, received.Wrong, received.Hash));
        }));

        await pair.StopAsync();
        await echoing;
        Assert.Equal(0, pair.Client.StreamCount);
        Assert.Equal(0, pair.Server.StreamCount);
    }

    [Fact]
    public async Task A_writer_waits_while_nothing_is_sent()
    {
        SmuxMultiplexer multiplexer = new(new SmuxOptions { Role = SmuxRole.Client }, (_, _) => ValueTask.CompletedTask, TimeProvider.System);
        SmuxStream stream = multiplexer.Open();

        Task writing = stream.WriteAsync(new byte[10_000_000], TestTimeout.Token).AsTask();

        Assert.False(writing.IsCompleted);
        Assert.Equal(64 * 1024, stream.BytesWritten);
        using CancellationTokenSource stop = new();
        Task running = multiplexer.RunAsync(stop.Token);
        await writing;
        Assert.Equal(10_000_000, stream.BytesWritten);
        await stop.CancelAsync();
        await Task.WhenAny(running);
    }

    [Fact]
    public void Many_writers_together_are_bounded_and_each_may_write_a_piece()
    {
        SmuxMultiplexer multiplexer = new(
            new SmuxOptions { Role = SmuxRole.Client, MaxQueued = 100_000 }, (_, _) => ValueTask.CompletedTask, TimeProvider.System);
        SmuxStream[] streams = [.. Enumerable.Range(0, 10).Select(_ => multiplexer.Open())];

        foreach (SmuxStream stream in streams)
        {
            _ = stream.WriteAsync(new byte[1_000_000], TestTimeout.Token).AsTask();
        }

        Assert.Equal([65536, 65536, .. Enumerable.Repeat(32768L, 8)], streams.Select(stream => stream.BytesWritten));
    }

    [Fact]
    public async Task A_peer_is_held_back_while_too_much_is_unread()
    {
        CancellationToken token = TestTimeout.Token;
        await using SmuxPair pair = new(new ManualTimeProvider(), server: new SmuxOptions { Role = SmuxRole.Server, MaxUnread = 100_000 });
        SmuxStream client = pair.Client.Open();
        Task writing = client.WriteAsync(new byte[1_000_000], token).AsTask();
        SmuxStream server = (await pair.Server.AcceptAsync(token))!;
        while (pair.Server.HasRoom)
        {
            await Task.Yield();
        }

        Assert.False(writing.IsCompleted);

        byte[] buffer = new byte[50_000];
        for (int left = 1_000_000; left > 0;)
        {
            left -= await server.ReadAsync(buffer, token);
        }

        await writing;
        Assert.True(pair.Server.HasRoom);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_does_not_hold_up_the_others_for_ever()
    {
        CancellationToken token = TestTimeout.Token;
        ManualTimeProvider time = new();
        await using SmuxPair pair = new(time);
        SmuxStream stuck = pair.Client.Open();
        SmuxStream other = pair.Client.Open();
        SmuxStream stuckServer = (await pair.Server.AcceptAsync(token))!;
        SmuxStream otherServer = (await pair.Server.AcceptAsync(token))!;
        Task flood = FloodAsync(stuck, token);

        await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(30), token);
        Task writing = other.WriteAsync("hello"u8.ToArray(), token).AsTask();
        Task<int> reading = otherServer.ReadAsync(new byte[5], token).AsTask();
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(5, await reading);
        await writing;
        IOException error = await Assert.ThrowsAsync<IOException>(() => stuckServer.ReadAsync(new byte[5], token).AsTask());
        Assert.Contains("not read for long", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await stuck.ReadAsync(new byte[5], token)); // the other end is told
        await stuck.CloseAsync();
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    [Fact]
    public async Task A_stream_that_is_read_slowly_is_left_alone()
    {
        CancellationToken token = TestTimeout.Token;
        ManualTimeProvider time = new();
        await using SmuxPair pair = new(time);
        SmuxStream slow = pair.Client.Open();
        pair.Client.Open();
        SmuxStream slowServer = (await pair.Server.AcceptAsync(token))!;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task flood = FloodAsync(slow, stop.Token);

        for (int i = 0; i < 20; i++)
        {
            await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(30), token);
            await ReadAsync(slowServer, 64 * 1024, token);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        await ReadAsync(slowServer, 1024 * 1024, token);
        await stop.CancelAsync();
        await Task.WhenAny(flood);
    }

    [Fact]
    public async Task A_stream_alone_may_stand_still()
    {
        CancellationToken token = TestTimeout.Token;
        ManualTimeProvider time = new();
        await using SmuxPair pair = new(time);
        SmuxStream client = pair.Client.Open();
        SmuxStream server = (await pair.Server.AcceptAsync(token))!;
        Task writing = client.WriteAsync(new byte[10_000_000], token).AsTask();

        for (int i = 0; i < 20; i++)
        {
            await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(30), token);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        await ReadAsync(server, 10_000_000, token);
        await writing;
    }

    [Fact]
    public async Task A_stream_alone_that_nobody_reads_at_all_is_given_up_in_the_end()
    {
        CancellationToken token = TestTimeout.Token;
        ManualTimeProvider time = new();
        await using SmuxPair pair = new(time);
        SmuxStream client = pair.Client.Open();
        SmuxStream server = (await pair.Server.AcceptAsync(token))!;
        Task flood = FloodAsync(client, token);
        for (int i = 0; i < 30; i++)
        {
            await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(30), token);
            await ReadAsync(server, i == 15 ? 1 : 0, token); // one byte is enough for it to count as read
            time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.False(server.GivenUp.IsCompleted);
        for (int i = 0; i < 16; i++)
        {
            await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(30), token);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Contains("not read for very long", await server.GivenUp.WaitAsync(token), StringComparison.Ordinal);
        Assert.True(pair.Server.HasRoom);
        Assert.Equal(0, await client.ReadAsync(new byte[5], token)); // the other end is told
        await client.CloseAsync();
        await Assert.ThrowsAsync<IOException>(() => flood);
    }

    [Fact]
    public async Task Streams_that_wait_to_be_accepted_are_bounded()
    {
        CancellationToken token = TestTimeout.Token;
        await using SmuxPair pair = new(new ManualTimeProvider(), server: new SmuxOptions { Role = SmuxRole.Server, MaxBacklog = 2 });
        uint[] opened = [pair.Client.Open().Id, pair.Client.Open().Id];
        while (pair.Server.HasRoom)
        {
            await Task.Yield();
        }

        uint last = pair.Client.Open().Id;

        uint[] accepted = [(await pair.Server.AcceptAsync(token))!.Id, (await pair.Server.AcceptAsync(token))!.Id, (await pair.Server.AcceptAsync(token))!.Id];
        Assert.Equal([.. opened, last], accepted);
    }

    [Fact]
    public async Task The_end_of_writing_reaches_the_peer_and_its_answer_comes_back()
    {
        CancellationToken token = TestTimeout.Token;
        await using SmuxPair pair = new(TimeProvider.System);
        await using SmuxStream client = pair.Client.Open();
        await client.WriteAsync("question"u8.ToArray(), token);
        client.FinishWriting();
        await using SmuxStream server = (await pair.Server.AcceptAsync(token))!;
        byte[] buffer = new byte[100];
        Assert.Equal(8, await server.ReadAsync(buffer, token));
        Assert.False(await server.WaitToReadAsync(token));

        await server.WriteAsync("answer"u8.ToArray(), token);
        await server.CloseAsync();

        Assert.True(await client.WaitToReadAsync(token));
        Assert.Equal(6, await client.ReadAsync(buffer, token));
        Assert.Equal(0, await client.ReadAsync(buffer, token));
        await Assert.ThrowsAsync<IOException>(() => client.WriteAsync("more"u8.ToArray(), token).AsTask());
    }

    [Fact]
    public async Task Closing_sends_what_was_written_and_the_end()
    {
        CancellationToken token = TestTimeout.Token;
        await using SmuxPair pair = new(TimeProvider.System);
        SmuxStream client = pair.Client.Open();
        await client.WriteAsync(new byte[300_000], token);
        await client.CloseAsync();
        await using SmuxStream server = (await pair.Server.AcceptAsync(token))!;

        await ReadAsync(server, 300_000, token);
        Assert.Equal(0, await server.ReadAsync(new byte[1], token));
    }

    [Fact]
    public async Task The_end_of_the_session_is_an_error_behind_what_came()
    {
        CancellationToken token = TestTimeout.Token;
        await using SmuxPair pair = new(TimeProvider.System);
        SmuxStream client = pair.Client.Open();
        await client.WriteAsync("hello"u8.ToArray(), token);
        SmuxStream server = (await pair.Server.AcceptAsync(token))!;
        Assert.True(await server.WaitToReadAsync(token));

        await pair.StopAsync();

        Assert.Equal(5, await server.ReadAsync(new byte[10], token));
        await Assert.ThrowsAsync<IOException>(() => server.ReadAsync(new byte[10], token).AsTask());
        await Assert.ThrowsAsync<IOException>(() => server.WriteAsync("x"u8.ToArray(), token).AsTask());
        Assert.Throws<IOException>(() => pair.Client.Open());
        Assert.Null(await pair.Server.AcceptAsync(token));
    }

    [Fact]
    public async Task A_peer_that_breaks_the_protocol_ends_the_session()
    {
        SmuxMultiplexer multiplexer = new(new SmuxOptions { Role = SmuxRole.Server }, (_, _) => ValueTask.CompletedTask, TimeProvider.System);
        Task running = multiplexer.RunAsync(TestTimeout.Token);

        await multiplexer.OnPayloadAsync("HTTP/1.1 200 OK"u8.ToArray(), TestTimeout.Token);

        IOException error = await Assert.ThrowsAsync<IOException>(() => running);
        Assert.Contains("not smux version 1", error.Message, StringComparison.Ordinal);
        Assert.Null(await multiplexer.AcceptAsync(TestTimeout.Token));
    }

    [Fact]
    public async Task Keep_alives_are_sent_and_a_silent_peer_ends_the_session()
    {
        CancellationToken token = TestTimeout.Token;
        ManualTimeProvider time = new();
        int sent = 0;
        SmuxMultiplexer multiplexer = new(
            new SmuxOptions { Role = SmuxRole.Client, KeepAlive = true },
            (_, _) =>
            {
                sent++;
                return ValueTask.CompletedTask;
            },
            time);
        Task running = multiplexer.RunAsync(token);

        for (int i = 0; i < 3; i++)
        {
            await time.WhenTimerAsync(left => left == TimeSpan.FromSeconds(10), token);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        IOException error = await Assert.ThrowsAsync<IOException>(() => running);
        Assert.Contains("30 seconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task A_failure_to_send_ends_the_session()
    {
        SmuxMultiplexer multiplexer = new(
            new SmuxOptions { Role = SmuxRole.Client }, (_, _) => throw new IOException("gone"), TimeProvider.System);
        Task running = multiplexer.RunAsync(TestTimeout.Token);
        SmuxStream stream = multiplexer.Open();

        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => running)).Message);
        await Assert.ThrowsAsync<IOException>(() => stream.ReadAsync(new byte[1], TestTimeout.Token).AsTask());
    }

    private static async Task EchoAllAsync(SmuxMultiplexer server, CancellationToken token)
    {
        List<Task> echoes = [];
        while (await server.AcceptAsync(token) is { } stream)
        {
            echoes.Add(EchoAsync(stream, token));
        }

        await Task.WhenAll(echoes);
    }

    private static async Task EchoAsync(SmuxStream stream, CancellationToken token)
    {
        byte[] buffer = new byte[10_000];
        int count;
        while ((count = await stream.ReadAsync(buffer, token)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), token);
        }

        await stream.CloseAsync();
    }

    private static async Task SendAsync(SmuxStream stream, HashedStream sent, int chunk, CancellationToken token)
    {
        byte[] buffer = new byte[chunk];
        int count;
        while ((count = sent.Make(buffer)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), token);
        }

        stream.FinishWriting();
    }

    private static async Task FloodAsync(SmuxStream stream, CancellationToken token)
    {
        byte[] buffer = new byte[100_000];
        while (true)
        {
            await stream.WriteAsync(buffer, token);
        }
    }

    private static async Task ReadAsync(SmuxStream stream, int bytes, CancellationToken token)
    {
        byte[] buffer = new byte[bytes];
        while (bytes > 0)
        {
            bytes -= await stream.ReadAsync(buffer.AsMemory(0, bytes), token);
        }
    }
}

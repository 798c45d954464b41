using System.Net;
using System.Net.Sockets;
using System.Text;
using SsmTools.Engine;
using SsmTools.Engine.Socks;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Socks;

public sealed class SocksServerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationToken _timeout = TestTimeout.Token;

    [Fact]
    public async Task The_far_side_gets_what_was_sent_ahead_and_the_client_its_reply()
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        FarSide far = new();
        Connector connector = new((_, _) => far);
        Task<IPortStream?> accept = SocksServer.AcceptAsync(pair.Server, connector, _time, _timeout);

        await pair.Client.WriteAsync(
            (byte[])[.. SocksBytes.Greeting, .. SocksBytes.Connect("db.internal", 5432), .. Encoding.ASCII.GetBytes("hello")], _timeout);

        Assert.Same(far, await accept);
        Assert.Equal(("db.internal", 5432), connector.Asked);
        byte[] replied = await ReadAsync(pair.Client, 12);
        Assert.Equal([.. SocksBytes.Welcome, .. SocksBytes.Reply(0)], replied);
        Assert.Equal("hello", Encoding.ASCII.GetString(far.Written.ToArray()));
    }

    [Theory]
    [InlineData(ErrorKind.PermissionDenied, 2)]
    [InlineData(ErrorKind.ConnectionError, 3)]
    [InlineData(ErrorKind.ObjectNotFound, 4)]
    [InlineData(ErrorKind.ResourceUnavailable, 5)]
    [InlineData(ErrorKind.OperationTimeout, 6)]
    [InlineData(ErrorKind.LimitsExceeded, 1)]
    public async Task Why_there_is_no_connection_is_told_to_both_sides(ErrorKind kind, byte reply)
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        EngineException failure = new("NoWay", kind, "There is no way.");
        Task<IPortStream?> accept = SocksServer.AcceptAsync(
            pair.Server, new Connector((_, _) => throw failure), _time, _timeout);

        await pair.Client.WriteAsync((byte[])[.. SocksBytes.Greeting, .. SocksBytes.Connect("10.0.0.9", 22)], _timeout);

        Assert.Same(failure, await Assert.ThrowsAsync<EngineException>(() => accept));
        byte[] replied = await ReadAsync(pair.Client, 12);
        Assert.Equal([.. SocksBytes.Welcome, .. SocksBytes.Reply(reply)], replied);
    }

    [Theory]
    [InlineData(new byte[] { 5, 1, 0, 5, 2, 0, 1, 10, 0, 0, 1, 0, 80 }, 12)]
    [InlineData(new byte[] { 5, 1, 2 }, 2)]
    [InlineData(new byte[] { 4, 1, 0, 80 }, 0)]
    public async Task What_is_not_served_is_an_error_and_nothing_is_connected(byte[] data, int replied)
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        Connector connector = new((_, _) => new FarSide());
        Task<IPortStream?> accept = SocksServer.AcceptAsync(pair.Server, connector, _time, _timeout);

        await pair.Client.WriteAsync(data, _timeout);

        EngineException e = await Assert.ThrowsAsync<EngineException>(() => accept);
        Assert.Equal("SocksRequestRefused", e.ErrorId);
        Assert.Null(connector.Asked);
        pair.Server.Close();
        Assert.Equal(replied, (await ReadAsync(pair.Client, 100)).Length);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_error()
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        Task<IPortStream?> accept = SocksServer.AcceptAsync(pair.Server, new Connector((_, _) => new FarSide()), _time, _timeout);
        await pair.Client.WriteAsync(SocksBytes.Greeting, _timeout);
        pair.Client.Close();
        Assert.Null(await accept);
    }

    [Fact]
    public async Task A_client_that_says_nothing_is_left_in_the_end()
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        Task<IPortStream?> accept = SocksServer.AcceptAsync(pair.Server, new Connector((_, _) => new FarSide()), _time, _timeout);
        _time.Advance(SocksServer.Patience - TimeSpan.FromSeconds(1));
        Assert.False(accept.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await accept.WaitAsync(_timeout));
    }

    [Fact]
    public async Task The_caller_ends_it()
    {
        await using SocksPair pair = await SocksPair.CreateAsync();
        using CancellationTokenSource stop = new();
        Task<IPortStream?> accept = SocksServer.AcceptAsync(pair.Server, new Connector((_, _) => new FarSide()), _time, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept);
    }

    private async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        byte[] buffer = new byte[count];
        int read = await stream.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false, _timeout);
        return buffer[..read];
    }

    private sealed class Connector(Func<string, int, IPortStream> connect) : IStreamConnector
    {
        public (string Host, int Port)? Asked { get; private set; }

        public async ValueTask<IPortStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Asked = (host, port);
            return connect(host, port);
        }
    }

    private sealed class FarSide : IPortStream
    {
        public MemoryStream Written { get; } = new();

        public bool WasRefused => false;

        public Task<string> GivenUp { get; } = new TaskCompletionSource<string>().Task;

        public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => ValueTask.FromResult(0);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            Written.WriteAsync(data, cancellationToken);

        public ValueTask DisposeAsync() => Written.DisposeAsync();
    }

    private sealed class SocksPair(NetworkStream client, NetworkStream server) : IAsyncDisposable
    {
        public NetworkStream Client => client;

        public NetworkStream Server => server;

        public static async Task<SocksPair> CreateAsync()
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            TcpClient client = new();
            Task<TcpClient> accept = listener.AcceptTcpClientAsync();
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            return new SocksPair(client.GetStream(), (await accept).GetStream());
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}

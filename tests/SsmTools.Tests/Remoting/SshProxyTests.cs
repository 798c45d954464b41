using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using SsmTools.Engine;
using SsmTools.Engine.Remoting;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Remoting;

public sealed class SshProxyTests
{
    [Fact]
    public async Task Bytes_go_both_ways_until_the_server_ends_and_the_session_ends_with_it()
    {
        await using Stage stage = await Stage.StartAsync();
        using Pipe input = new();
        using Pipe output = new();
        Task run = stage.RunAsync(input.Reader, output.Writer, TestTimeout.Token);
        byte[] sent = Bytes(1, 300_000);
        byte[] received = Bytes(2, 300_000);
        using (TcpClient accepted = await stage.Server.AcceptTcpClientAsync(TestTimeout.Token))
        {
            NetworkStream stream = accepted.GetStream();
            Task write = stream.WriteAsync(received, TestTimeout.Token).AsTask();
            await input.Writer.WriteAsync(sent, TestTimeout.Token);
            byte[] there = new byte[sent.Length];
            await stream.ReadExactlyAsync(there, TestTimeout.Token);
            Assert.Equal(sent, there);
            byte[] here = new byte[received.Length];
            await output.Reader.ReadExactlyAsync(here, TestTimeout.Token);
            Assert.Equal(received, here);
            await write;
        }

        await run;
        Assert.Null(await stage.ReadActiveAsync());
    }

    [Fact]
    public async Task When_the_client_has_done_the_server_hears_of_it()
    {
        await using Stage stage = await Stage.StartAsync();
        using Pipe input = new();
        Task run = stage.RunAsync(input.Reader, Stream.Null, TestTimeout.Token);
        using TcpClient accepted = await stage.Server.AcceptTcpClientAsync(TestTimeout.Token);
        await input.Writer.WriteAsync(new byte[] { 7 }, TestTimeout.Token);
        byte[] there = new byte[1];
        await accepted.GetStream().ReadExactlyAsync(there, TestTimeout.Token);
        Assert.Equal(7, there[0]);

        await input.Writer.DisposeAsync();

        await run;
        Assert.Null(await stage.ReadActiveAsync());
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_an_error_in_the_agents_words()
    {
        await using Stage stage = await Stage.StartAsync();
        stage.Server.Dispose();
        using Pipe input = new();
        EngineException e = await Assert.ThrowsAsync<EngineException>(
            () => stage.RunAsync(input.Reader, Stream.Null, TestTimeout.Token));
        Assert.Contains("Unable to connect to specified port", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_the_session_too()
    {
        await using Stage stage = await Stage.StartAsync();
        using CancellationTokenSource stop = new();
        using Pipe input = new();
        Task run = stage.RunAsync(input.Reader, Stream.Null, stop.Token);
        using TcpClient accepted = await stage.Server.AcceptTcpClientAsync(TestTimeout.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TestTimeout.Token));
        Assert.Null(await stage.ReadActiveAsync());
    }

    private static byte[] Bytes(int seed, int count)
    {
        byte[] bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A node with a server on it.</summary>
    private sealed class Stage(TestSandbox sandbox, InstanceRecord node, TcpListener server) : IAsyncDisposable
    {
        public TcpListener Server => server;

        private SshProxyOptions Options { get; } = new() { Target = node.Id, Port = ((IPEndPoint)server.LocalEndpoint).Port };

        public static async Task<Stage> StartAsync()
        {
            TestSandbox sandbox = await TestSandbox.StartAsync();
            InstanceRecord node = await sandbox.LaunchOnlineAsync();
            TcpListener server = new(IPAddress.Loopback, 0);
            server.Start();
            return new Stage(sandbox, node, server);
        }

        public Task RunAsync(Stream input, Stream output, CancellationToken cancellationToken) =>
            SshProxy.RunAsync(sandbox.Aws, Options, input, output, null, cancellationToken);

        /// <summary>A session that there still is; null for none.</summary>
        public async Task<string?> ReadActiveAsync() => (await sandbox.Aws.Ssm.DescribeSessionsAsync(
            new Engine.Aws.Ssm.DescribeSessionsRequest { State = "Active" }, TestTimeout.Token)).Sessions.FirstOrDefault()?.SessionId;

        public async ValueTask DisposeAsync()
        {
            server.Dispose();
            await sandbox.DisposeAsync();
        }
    }

    private sealed class Pipe : IDisposable
    {
        private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
        private readonly AnonymousPipeClientStream _reader;

        public Pipe() => _reader = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);

        public Stream Writer => _writer;

        public Stream Reader => _reader;

        public void Dispose()
        {
            _writer.Dispose();
            _reader.Dispose();
        }
    }
}

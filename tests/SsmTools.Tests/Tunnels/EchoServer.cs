using System.Net;
using System.Net.Sockets;

namespace SsmTools.Tests.Tunnels;

/// <summary>A server on the node, which with the sandbox is this computer: says back what it is sent.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _connections;

    public EchoServer()
    {
        _listener.Start(2048);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Connections that there are now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = EchoAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task EchoAsync(TcpClient client)
    {
        Interlocked.Increment(ref _connections);
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await client.GetStream().CopyToAsync(client.GetStream(), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace SsmTools.Tests.Support;

/// <summary>A server on a free port that treats each of its connections in the same way.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly Func<NetworkStream, CancellationToken, Task> _treat;
    private readonly Task _accepting;
    private int _accepted;

    /// <summary>Starts it.</summary>
    /// <param name="treat">What to do with a connection, which is closed afterwards.</param>
    public LoopbackServer(Func<NetworkStream, CancellationToken, Task> treat)
    {
        _treat = treat;
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>A port that nobody listens on.</summary>
    public static int FindClosedPort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends back what comes.</summary>
    public static async Task EchoAsync(NetworkStream stream, CancellationToken cancellationToken) =>
        await stream.CopyToAsync(stream, 64 * 1024, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            _connections.Add(TreatAsync(socket));
        }
    }

    private async Task TreatAsync(Socket socket)
    {
        await using NetworkStream stream = new(socket, ownsSocket: true);
        await _treat(stream, _stop.Token);
    }
}

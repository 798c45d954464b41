using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Support;

namespace SsmTools.Tests.Tunnels;

/// <summary>A program on this computer that uses a tunnel.</summary>
internal sealed class LocalClient : IDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<LocalClient> ConnectAsync(Tunnel tunnel)
    {
        LocalClient client = new();
        await client._client.ConnectAsync(tunnel.LocalEndpoint, TestTimeout.Token);
        client._stream = client._client.GetStream();
        return client;
    }

    /// <summary>Connects, and finds out whether that is reset, which may be before the connection is made.</summary>
    public static async Task<bool> IsResetAsync(Tunnel tunnel)
    {
        try
        {
            using LocalClient client = await ConnectAsync(tunnel);
            return await client.ReadToEndAsync() is null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    public void Dispose() => _client.Dispose();

    public async Task SendAsync(string text) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), TestTimeout.Token);

    public async Task<string> ReadAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, TestTimeout.Token);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Sends and awaits the same back.</summary>
    public async Task<bool> IsEchoedAsync(string text)
    {
        await SendAsync(text);
        return await ReadAsync(text.Length) == text;
    }

    /// <summary>The same; false where the connection is cut.</summary>
    public async Task<bool> TryEchoAsync(string text)
    {
        try
        {
            return await IsEchoedAsync(text);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Sends many bytes and awaits the same ones back.</summary>
    public async Task<bool> EchoesAsync(int seed, int length)
    {
        byte[] sent = new byte[length];
        new Random(seed).NextBytes(sent);
        CancellationToken timeout = TestTimeout.Seconds(120);
        Task sending = _stream.WriteAsync(sent, timeout).AsTask();
        byte[] received = new byte[length];
        await _stream.ReadExactlyAsync(received, timeout);
        await sending;
        return SHA256.HashData(sent).SequenceEqual(SHA256.HashData(received));
    }

    /// <summary>Reads on to the end.</summary>
    /// <returns>What came; null when the connection was reset.</returns>
    public async Task<string?> ReadToEndAsync()
    {
        using MemoryStream all = new();
        try
        {
            await _stream.CopyToAsync(all, TestTimeout.Token);
        }
        catch (IOException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }

    public void FinishSending() => _client.Client.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        // The socket itself: the client and its stream would say goodbye first.
        _client.LingerState = new LingerOption(true, 0);
        _client.Client.Close();
    }
}

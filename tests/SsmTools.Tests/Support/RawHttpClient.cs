using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace SsmTools.Tests.Support;

/// <summary>A socket that sends exactly the bytes it is told to, for requests that no proper client would send.</summary>
internal sealed class RawHttpClient : IDisposable
{
    private readonly TcpClient _client = new();

    public RawHttpClient(IPEndPoint endPoint)
    {
        _client.Connect(endPoint);
    }

    public NetworkStream Stream => _client.GetStream();

    public async Task SendAsync(string text) =>
        await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestTimeout.Token);

    /// <summary>Everything up to the end of the connection.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using MemoryStream all = new();
        await Stream.CopyToAsync(all, TestTimeout.Token);
        return Encoding.Latin1.GetString(all.ToArray());
    }

    /// <summary>Reads up to and with a text.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        StringBuilder text = new();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await Stream.ReadAsync(one, TestTimeout.Token) == 1, $"The connection ended after: {text}");
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    public void Dispose() => _client.Dispose();
}

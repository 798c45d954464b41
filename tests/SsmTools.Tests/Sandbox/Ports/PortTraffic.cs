using SsmTools.Engine.Smux;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ports;

/// <summary>Bytes that are checked, through streams of a port session.</summary>
internal static class PortTraffic
{
    /// <summary>Sends and gets back so many bytes on a stream of its own, both at the same time.</summary>
    public static async Task EchoAsync(SmuxMultiplexer mux, ulong seed, long length, CancellationToken token)
    {
        await using SmuxStream stream = mux.Open();
        using HashedStream sent = new(seed, length);
        using HashedStream received = new(seed, length);
        Task sending = SendAsync(stream, sent, token);
        byte[] buffer = new byte[32 * 1024];
        while (!received.IsWhole)
        {
            int count = await stream.ReadAsync(buffer, token);
            Assert.True(count > 0, $"The stream ended after {received.Count} of {length} bytes.");
            received.Take(buffer.AsSpan(0, count));
        }

        await sending;
        Assert.Equal((length, 0L, sent.Hash), (received.Count, received.Wrong, received.Hash));
    }

    /// <summary>Sends it all.</summary>
    public static async Task SendAsync(SmuxStream stream, HashedStream sent, CancellationToken token)
    {
        byte[] buffer = new byte[20_000];
        int count;
        while ((count = sent.Make(buffer)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), token);
        }
    }
}

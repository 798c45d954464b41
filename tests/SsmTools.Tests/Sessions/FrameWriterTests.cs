using System.Net.WebSockets;
using SsmTools.Engine.Sessions;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Sessions;

/// <summary>Frames, as a server of the runtime's reads them.</summary>
public sealed class FrameWriterTests
{
    private readonly FrameWriter _frames = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(1144)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(200_001)]
    public async Task A_server_reads_what_was_written(int length)
    {
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);
        using MemoryStream wire = new();
        wire.Write(_frames.Write(WebSocketMessageType.Text, "first"u8).Span);
        wire.Write(_frames.Write(WebSocketMessageType.Binary, payload).Span);
        wire.Write(_frames.Write(WebSocketMessageType.Text, "last"u8).Span);
        wire.Position = 0;
        using WebSocket server = WebSocket.CreateFromStream(wire, new WebSocketCreationOptions { IsServer = true });

        await ExpectAsync(server, WebSocketMessageType.Text, "first"u8.ToArray());
        await ExpectAsync(server, WebSocketMessageType.Binary, payload);
        await ExpectAsync(server, WebSocketMessageType.Text, "last"u8.ToArray());
    }

    [Fact]
    public void Every_frame_has_a_mask_of_its_own()
    {
        const int Frames = 1000; // more than are drawn at once
        HashSet<uint> masks = [];
        for (int i = 0; i < Frames; i++)
        {
            masks.Add(BitConverter.ToUInt32(_frames.Write(WebSocketMessageType.Binary, "x"u8).Span[2..]));
        }

        Assert.InRange(masks.Count, Frames - 5, Frames); // chance may make two of them equal
    }

    private static async Task ExpectAsync(WebSocket server, WebSocketMessageType messageType, byte[] message)
    {
        byte[] buffer = new byte[message.Length + 1];
        int length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await server.ReceiveAsync(buffer.AsMemory(length), TestTimeout.Token);
            length += result.Count;
        }
        while (!result.EndOfMessage);
        Assert.Equal(messageType, result.MessageType);
        Assert.Equal(message, buffer[..length]);
    }
}

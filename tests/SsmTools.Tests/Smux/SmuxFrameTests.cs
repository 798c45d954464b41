using System.Text;
using SsmTools.Engine.Smux;
using SsmTools.Tests.Support;
using Xunit;

namespace SsmTools.Tests.Smux;

/// <summary>Frames as they were computed outside this project, from the reference's layout.</summary>
public sealed class SmuxFrameTests
{
    private const string Syn3 = "0100000003000000";
    private const string PushHello3 = "010205000300000068656c6c6f";
    private const string Fin3 = "0101000003000000";
    private const string Nop = "0103000000000000";
    private const string Syn5 = "0100000005000000";

    private static SmuxOptions Client => new() { Role = SmuxRole.Client };

    [Fact]
    public void A_client_sends_the_golden_frames()
    {
        SmuxSession session = new(Client, new ManualTimeProvider());

        uint first = session.Open();
        uint second = session.Open();
        session.Write(first, "hello"u8);
        session.Close(first);

        Assert.Equal((3u, 5u), (first, second));
        Assert.Equal(Syn3 + Syn5 + PushHello3 + Fin3, Sent(session));
    }

    [Fact]
    public void A_keep_alive_is_the_golden_frame()
    {
        ManualTimeProvider time = new();
        SmuxSession session = new(Client with { KeepAlive = true }, time);

        time.Advance(session.TimeUntilDeadline!.Value);
        session.OnTimer();

        Assert.Equal(Nop, Sent(session));
    }

    [Fact]
    public void A_server_reads_the_golden_frames()
    {
        SmuxSession session = new(new SmuxOptions { Role = SmuxRole.Server }, new ManualTimeProvider());

        session.Receive(Convert.FromHexString(Syn3 + Nop + PushHello3 + Syn5 + Fin3));
        List<string> events = [];
        while (session.TryReadEvent(out SmuxEvent smuxEvent))
        {
            events.Add($"{smuxEvent.Kind} {smuxEvent.StreamId} {Encoding.ASCII.GetString(smuxEvent.Data.Span)}");
        }

        Assert.Equal(["Opened 3 ", "Data 3 hello", "Opened 5 ", "Finished 3 "], events);
    }

    [Fact]
    public void A_header_keeps_its_values()
    {
        byte[] bytes = new byte[SmuxFrame.HeaderLength];

        SmuxFrame.Write(bytes, SmuxCommand.Push, 0xFEDCBA98, 65535);

        Assert.Equal("0102ffff98badcfe", HexText.Of(bytes));
        Assert.Equal(new SmuxFrame(1, SmuxCommand.Push, 65535, 0xFEDCBA98), SmuxFrame.Read(bytes));
    }

    [Fact]
    public void A_frame_cannot_hold_more_than_its_length_can_say() =>
        Assert.Throws<OverflowException>(() => SmuxFrame.Write(new byte[8], SmuxCommand.Push, 3, 65536));

    private static string Sent(SmuxSession session)
    {
        StringBuilder sent = new();
        while (session.TryDequeuePayload(out ReadOnlyMemory<byte> payload))
        {
            sent.Append(HexText.Of(payload.Span));
        }

        return sent.ToString();
    }
}

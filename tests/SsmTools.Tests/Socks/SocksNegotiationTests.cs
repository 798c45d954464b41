using System.Text;
using SsmTools.Engine.Socks;
using Xunit;

namespace SsmTools.Tests.Socks;

public sealed class SocksNegotiationTests
{
    private readonly SocksNegotiation _negotiation = new();

    [Theory]
    [InlineData("192.0.2.7", 80)]
    [InlineData("2001:db8::7", 443)]
    [InlineData("rds.internal", 5432)]
    [InlineData("a", 65535)]
    public void A_request_says_where_to_connect(string host, int port)
    {
        _negotiation.Receive(SocksBytes.Greeting);
        Assert.Equal(SocksBytes.Welcome, _negotiation.TakeOutput());

        _negotiation.Receive(SocksBytes.Connect(host, port));

        Assert.Equal(SocksState.Connecting, _negotiation.State);
        Assert.Equal((host, port), (_negotiation.Host, _negotiation.Port));
        Assert.Empty(_negotiation.TakeOutput());
        _negotiation.Answer(SocksReply.Succeeded);
        Assert.Equal(SocksState.Connected, _negotiation.State);
        Assert.Equal(SocksBytes.Reply(0), _negotiation.TakeOutput());
    }

    [Fact]
    public void A_name_of_255_bytes_is_taken()
    {
        string name = new('x', 255);
        _negotiation.Receive([.. SocksBytes.Greeting, .. SocksBytes.Connect(name, 80)]);
        Assert.Equal((SocksState.Connecting, name), (_negotiation.State, _negotiation.Host));
    }

    [Fact]
    public void Pieces_of_any_size_say_the_same()
    {
        Random random = new(20);
        byte[] ahead = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n");
        for (int round = 0; round < 2_000; round++)
        {
            string host = (round % 3) switch { 0 => "10.0.0.1", 1 => "2001:db8::9", _ => new string('n', random.Next(1, 256)) };
            byte[] methods = new byte[random.Next(1, 256)];
            random.NextBytes(methods);
            methods[random.Next(methods.Length)] = 0;
            byte[] all = [5, (byte)methods.Length, .. methods, .. SocksBytes.Connect(host, 1 + round), .. ahead];
            SocksNegotiation negotiation = new();
            List<byte> rest = [];
            for (int at = 0; at < all.Length;)
            {
                int count = Math.Min(random.Next(1, random.Next(2, 300)), all.Length - at);
                int taken = negotiation.Receive(all.AsSpan(at, count));
                rest.AddRange(all[(at + taken)..(at + count)]);
                at += count;
            }

            Assert.Equal((SocksState.Connecting, host, 1 + round), (negotiation.State, negotiation.Host, negotiation.Port));
            Assert.Equal(ahead, rest);
            Assert.Equal(SocksBytes.Welcome, negotiation.TakeOutput());
        }
    }

    [Fact]
    public void A_client_that_only_authenticates_is_told_that_no_method_is_accepted()
    {
        _negotiation.Receive([5, 2, 1, 2]);
        Assert.Equal(SocksState.Refused, _negotiation.State);
        Assert.Equal([5, 0xFF], _negotiation.TakeOutput());
    }

    [Fact]
    public void A_client_that_names_no_method_is_told_the_same()
    {
        _negotiation.Receive([5, 0]);
        Assert.Equal((SocksState.Refused, 2), (_negotiation.State, _negotiation.TakeOutput().Length));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0)]
    [InlineData(255)]
    public void Bind_udp_and_unknown_commands_are_refused_when_all_of_them_was_read(byte command)
    {
        _negotiation.Receive(SocksBytes.Greeting);
        _negotiation.TakeOutput();
        byte[] request = SocksBytes.Request(command, "10.0.0.1", 80);

        _negotiation.Receive(request.AsSpan(0, request.Length - 1));
        Assert.Empty(_negotiation.TakeOutput());
        _negotiation.Receive(request.AsSpan(request.Length - 1));

        Assert.Equal(SocksState.Refused, _negotiation.State);
        Assert.Equal(SocksBytes.Reply(7), _negotiation.TakeOutput());
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(2, 8)]
    [InlineData(5, 8)]
    [InlineData(255, 8)]
    public void An_unknown_type_of_address_is_refused(byte type, byte reply)
    {
        _negotiation.Receive([.. SocksBytes.Greeting, 5, 1, 0, type, 1, 2, 3]);
        Assert.Equal(SocksState.Refused, _negotiation.State);
        Assert.Equal([.. SocksBytes.Welcome, .. SocksBytes.Reply(reply)], _negotiation.TakeOutput());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("'; reboot")]
    public void A_name_that_is_none_is_no_host(string name)
    {
        byte[] address = [3, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)];
        _negotiation.Receive([.. SocksBytes.Greeting, .. SocksBytes.Request(1, address, 80)]);
        Assert.Equal((SocksState.Refused, null), (_negotiation.State, _negotiation.Host));
        Assert.Equal([.. SocksBytes.Welcome, .. SocksBytes.Reply(4)], _negotiation.TakeOutput());
    }

    [Fact]
    public void Nothing_listens_on_port_0()
    {
        _negotiation.Receive([.. SocksBytes.Greeting, .. SocksBytes.Connect("10.0.0.1", 0)]);
        Assert.Equal([.. SocksBytes.Welcome, .. SocksBytes.Reply(5)], _negotiation.TakeOutput());
    }

    [Theory]
    [InlineData(new byte[] { 4, 1, 0, 80, 10, 0, 0, 1, 0 })]
    [InlineData(new byte[] { 71, 69, 84 })]
    [InlineData(new byte[] { 5, 1, 0, 4 })]
    [InlineData(new byte[] { 5, 1, 0, 5, 1, 1 })]
    public void What_is_no_socks_5_is_not_answered(byte[] data)
    {
        _negotiation.Receive(data);
        Assert.Equal(SocksState.Broken, _negotiation.State);
        Assert.InRange(_negotiation.TakeOutput().Length, 0, SocksBytes.Welcome.Length);
        Assert.Equal(0, _negotiation.Receive([5, 1, 0]));
    }

    [Fact]
    public void Nothing_is_answered_that_was_not_asked()
    {
        Assert.Throws<InvalidOperationException>(() => _negotiation.Answer(SocksReply.Succeeded));
        _negotiation.Receive([.. SocksBytes.Greeting, .. SocksBytes.Connect("a", 1)]);
        _negotiation.Answer(SocksReply.ConnectionRefused);
        Assert.Throws<InvalidOperationException>(() => _negotiation.Answer(SocksReply.Succeeded));
    }

    [Fact]
    public void Whatever_comes_ends_in_a_state_and_in_whole_replies()
    {
        Random random = new(5);
        int connecting = 0;
        for (int round = 0; round < 100_000; round++)
        {
            byte[] data = [.. SocksBytes.Greeting, .. SocksBytes.Connect("host.example", 80), 1, 2, 3];
            for (int damage = random.Next(4); damage > 0; damage--)
            {
                data[random.Next(random.Next(1, data.Length))] = (byte)random.Next(random.Next(2) == 0 ? 8 : 256);
            }

            SocksNegotiation negotiation = new();
            int taken = negotiation.Receive(data.AsSpan(0, random.Next(data.Length + 1)));
            byte[] output = negotiation.TakeOutput();
            Assert.InRange(taken, 0, data.Length);
            int expected = negotiation.State switch
            {
                SocksState.Greeting => 0,
                SocksState.Request or SocksState.Connecting => 2,
                SocksState.Refused => output.Length == 2 ? 2 : 12,
                SocksState.Broken => output.Length == 0 ? 0 : 2,
                _ => -1,
            };
            Assert.Equal(expected, output.Length);
            if (negotiation.State == SocksState.Connecting)
            {
                connecting++;
                Assert.InRange(negotiation.Port, 1, 65535);
                Assert.DoesNotContain(negotiation.Host!, letter => letter is < '!' or > '~');
            }
        }

        Assert.InRange(connecting, 1_000, 99_000); // both happen, so the rest was tried
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SsmTools.Engine.Socks;

/// <summary>
/// The server's half of a SOCKS 5 negotiation (RFC 1928), without a socket: bytes in, bytes out. Serves CONNECT without
/// authentication; a request is refused only when all of it was read, so that the client reads the reply.
/// </summary>
internal sealed class SocksNegotiation
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0x00;
    private const byte NoAcceptableMethod = 0xFF;
    private const byte Connect = 0x01;

    private const byte IPv4Type = 0x01;
    private const byte NameType = 0x03;
    private const byte IPv6Type = 0x04;

    /// <summary>Version, command, reserved and type of address; then a byte at least of what follows.</summary>
    private const int RequestHead = 5;

    /// <summary>The longest thing that is read: a request with a name of 255 bytes.</summary>
    private const int MaxLength = RequestHead + byte.MaxValue + 2;

    /// <summary>What names and addresses are written with; the rest, line ends above all, is not for a host's parameter.</summary>
    private static readonly SearchValues<byte> s_nameBytes = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._:"u8);

    private readonly byte[] _read = new byte[MaxLength];
    private readonly ArrayBufferWriter<byte> _output = new(16);
    private int _length;

    /// <summary>Where it stands.</summary>
    public SocksState State { get; private set; } = SocksState.Greeting;

    /// <summary>Where the client wants to be connected to: a name or an address; null until it has said so.</summary>
    public string? Host { get; private set; }

    /// <summary>The port there.</summary>
    public int Port { get; private set; }

    /// <summary>Takes what the client sent, in pieces of any size.</summary>
    /// <returns>
    /// How many bytes were taken. What is left, once the state is <see cref="SocksState.Connecting"/>, was sent ahead for
    /// the far side.
    /// </returns>
    public int Receive(ReadOnlySpan<byte> data)
    {
        int taken = 0;
        while (taken < data.Length && State is SocksState.Greeting or SocksState.Request)
        {
            _read[_length++] = data[taken++];
            if (State == SocksState.Greeting)
            {
                ReadGreeting();
            }
            else
            {
                ReadRequest();
            }
        }

        return taken;
    }

    /// <summary>Tells the client what became of its request.</summary>
    public void Answer(SocksReply reply)
    {
        if (State != SocksState.Connecting)
        {
            throw new InvalidOperationException($"A negotiation in state {State} has nothing to be answered.");
        }

        Reply(reply);
    }

    /// <summary>What is to be written to the client; empty where nothing is.</summary>
    public byte[] TakeOutput()
    {
        byte[] output = _output.WrittenSpan.ToArray();
        _output.ResetWrittenCount();
        return output;
    }

    private void ReadGreeting()
    {
        if (_read[0] != Version)
        {
            State = SocksState.Broken;
        }
        else if (_length >= 2 && _length == 2 + _read[1])
        {
            bool isOpen = _read.AsSpan(2, _read[1]).Contains(NoAuthentication);
            ReadOnlySpan<byte> answer = [Version, isOpen ? NoAuthentication : NoAcceptableMethod];
            _output.Write(answer);
            State = isOpen ? SocksState.Request : SocksState.Refused;
            _length = 0;
        }
    }

    private void ReadRequest()
    {
        if (_read[0] != Version || (_length >= 3 && _read[2] != 0))
        {
            State = SocksState.Broken;
        }
        else if (_length >= RequestHead)
        {
            int addressLength = _read[3] switch
            {
                IPv4Type => 4,
                IPv6Type => 16,
                NameType => 1 + _read[4],
                _ => 0,
            };
            if (addressLength == 0)
            {
                Reply(SocksReply.AddressTypeNotSupported); // how long such a request is, nobody knows
            }
            else if (_length == RequestHead - 1 + addressLength + 2)
            {
                ReadDestination(_read.AsSpan(RequestHead - 1, addressLength), _read.AsSpan(_length - 2, 2));
            }
        }
    }

    private void ReadDestination(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port)
    {
        if (_read[1] != Connect)
        {
            Reply(SocksReply.CommandNotSupported);
            return;
        }

        ReadOnlySpan<byte> name = address[1..];
        if (_read[3] == NameType && (name.IsEmpty || name.ContainsAnyExcept(s_nameBytes)))
        {
            Reply(SocksReply.HostUnreachable);
            return;
        }

        Host = _read[3] == NameType ? Encoding.ASCII.GetString(name) : new IPAddress(address).ToString();
        Port = BinaryPrimitives.ReadUInt16BigEndian(port);
        if (Port == 0)
        {
            Reply(SocksReply.ConnectionRefused);
            return;
        }

        State = SocksState.Connecting;
    }

    /// <summary>The address that the node connects from is not known to this side, and is left empty.</summary>
    private void Reply(SocksReply reply)
    {
        ReadOnlySpan<byte> answer = [Version, (byte)reply, 0, IPv4Type, 0, 0, 0, 0, 0, 0];
        _output.Write(answer);
        State = reply == SocksReply.Succeeded ? SocksState.Connected : SocksState.Refused;
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace SsmTools.Tests.Socks;

/// <summary>What clients send (RFC 1928), byte by byte.</summary>
internal static class SocksBytes
{
    public static readonly byte[] Greeting = [5, 1, 0];

    public static readonly byte[] Welcome = [5, 0];

    public static byte[] Connect(string host, int port) => Request(1, host, port);

    public static byte[] Request(byte command, string host, int port)
    {
        byte[] address = IPAddress.TryParse(host, out IPAddress? ip)
            ? [ip.GetAddressBytes().Length == 4 ? (byte)1 : (byte)4, .. ip.GetAddressBytes()]
            : [3, (byte)host.Length, .. Encoding.ASCII.GetBytes(host)];
        return Request(command, address, port);
    }

    public static byte[] Request(byte command, byte[] address, int port)
    {
        byte[] number = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(number, (ushort)port);
        return [5, command, 0, .. address, .. number];
    }

    public static byte[] Reply(byte code) => [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
}

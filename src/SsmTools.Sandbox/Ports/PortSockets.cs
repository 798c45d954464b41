using System.Net.Sockets;

namespace SsmTools.Sandbox.Ports;

/// <summary>How connections are closed.</summary>
internal static class PortSockets
{
    /// <summary>
    /// Closes both directions in good order, and ends whoever reads; the socket is to be disposed of when nobody does any
    /// more. Disposing alone would reset the connection while somebody reads.
    /// </summary>
    public static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
    }
}

using System.Net;
using SsmTools.Engine;
using SsmTools.Sandbox.Security;

namespace SsmTools.Sandbox.Http;

/// <summary>A second door to the same handler, for clients that speak TLS only: AWS's own agents.</summary>
internal sealed class TlsEndpoint : IAsyncDisposable
{
    private readonly ThrowAwayAuthority _authority;
    private readonly AuthorityFile _file;
    private readonly HttpServer _server;

    /// <summary>Writes the certificate, then opens the port.</summary>
    /// <param name="port">On 127.0.0.1; 0 for any free one.</param>
    /// <param name="caFile">Where the certificate of the authority is written.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="timeProvider">Real time.</param>
    /// <exception cref="EngineException">CaFileNotWritten.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public TlsEndpoint(int port, string caFile, HttpHandler handler, TimeProvider timeProvider)
    {
        _authority = ThrowAwayAuthority.Create(timeProvider);
        try
        {
            _file = AuthorityFile.Write(caFile, _authority.Pem);
            try
            {
                _server = new HttpServer(
                    new IPEndPoint(IPAddress.Loopback, port), handler, timeProvider: timeProvider, tls: _authority.Options);
            }
            catch
            {
                _file.Dispose();
                throw;
            }
        }
        catch
        {
            _authority.Dispose();
            throw;
        }
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>The address for clients: <c>https://127.0.0.1:port</c>.</summary>
    public string BaseAddress => _server.BaseAddress;

    /// <summary>The full path of the certificate that clients must trust.</summary>
    public string CaFile => _file.Path;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync().ConfigureAwait(false);
        _file.Dispose();
        _authority.Dispose();
    }
}

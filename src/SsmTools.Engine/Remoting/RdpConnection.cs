using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Engine.Remoting;

/// <summary>A tunnel to a node's desktop, and the client that shows it. Disposing closes the tunnel.</summary>
public sealed class RdpConnection : IAsyncDisposable
{
    private readonly RdpOptions _options;
    private readonly RdpClient? _client;
    private string? _folder;
    private Process? _process;

    private RdpConnection(RdpOptions options, Tunnel tunnel, RdpClient? client, SecureString? password)
    {
        _options = options;
        Tunnel = tunnel;
        _client = client;
        Password = password;
    }

    /// <summary>The tunnel.</summary>
    public Tunnel Tunnel { get; }

    /// <summary>The user to sign in as.</summary>
    public string UserName => _options.UserName;

    /// <summary>The password of the administrator; null where none was fetched. Whoever takes it disposes of it.</summary>
    public SecureString? Password { get; }

    /// <summary>The client's name; null where this computer has none that is known.</summary>
    public string? ClientName => _client?.Name;

    /// <summary>Whether there is a client whose end is the connection's end.</summary>
    public bool CanWait => _process is not null && _client!.StaysUntilTheEnd;

    /// <summary>Fetches the password, if it is wanted, and opens the tunnel. The client is not started yet.</summary>
    /// <exception cref="EngineException">
    /// What fetching the password, and what opening the tunnel may fail by; InvalidUserName.
    /// </exception>
    public static Task<RdpConnection> OpenAsync(
        AwsContext aws, RdpOptions options, TimeProvider? timeProvider, CancellationToken cancellationToken) =>
        OpenAsync(aws, options, options.StartsClient ? RdpClient.Find() : null, timeProvider, cancellationToken);

    /// <summary>The same, with a client of the caller's choice.</summary>
    internal static async Task<RdpConnection> OpenAsync(
        AwsContext aws, RdpOptions options, RdpClient? client, TimeProvider? timeProvider, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        SecureString? password = options.KeyFile is { } keyFile
            ? await AdministratorPassword.GetAsync(aws, options.Target, keyFile, cancellationToken).ConfigureAwait(false)
            : null;
        try
        {
            Tunnel tunnel = await Tunnel.OpenAsync(
                aws,
                new TunnelOptions
                {
                    Target = options.Target,
                    Forward = new Forward { LocalPort = options.LocalPort, RemotePort = options.Port },
                    Reason = options.Reason,
                    ReconnectTimeout = options.ReconnectTimeout,
                },
                timeProvider,
                cancellationToken).ConfigureAwait(false);
            return new RdpConnection(options, tunnel, client, password);
        }
        catch
        {
            password?.Dispose();
            throw;
        }
    }

    /// <summary>Whether the client signs in with the password by itself, once it is started with what it takes.</summary>
    public bool TakesPassword => _client is not null && (OperatingSystem.IsWindows() || _client.PasswordArgument is not null);

    /// <summary>Starts the client, with a file of its own that only this user reads.</summary>
    /// <param name="protectedPassword">
    /// The password as Windows encrypts it for this user, in hexadecimal digits; null elsewhere, and for none.
    /// </param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>False where this computer has none.</returns>
    /// <exception cref="EngineException">RdpClientFailed, InvalidUserName.</exception>
    public async Task<bool> StartClientAsync(string? protectedPassword, CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            return false;
        }

        _folder = PrivateFiles.CreateTemporaryFolder();
        try
        {
            string file = await RdpFile.WriteAsync(
                _folder, Tunnel.LocalEndpoint, UserName, protectedPassword, OperatingSystem.IsWindows(), cancellationToken)
                .ConfigureAwait(false);
            ProcessStartInfo start = new(_client.Program) { UseShellExecute = false };
            foreach (string argument in _client.Arguments)
            {
                start.ArgumentList.Add(argument.Replace("{0}", file, StringComparison.Ordinal));
            }

            bool isTold = Password is not null && _client.PasswordArgument is not null;
            if (isTold)
            {
                start.ArgumentList.Add(_client.PasswordArgument!);
                start.RedirectStandardInput = true;
            }

            _process = Process.Start(start)!;
            if (isTold)
            {
                await TellPasswordAsync(_process, Password!).ConfigureAwait(false);
            }

            return true;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                "RdpClientFailed",
                ErrorKind.InvalidOperation,
                $"{_client.Program} could not be started: {e.Message}",
                $"Start a Remote Desktop client yourself and connect to {Tunnel.LocalEndpoint}; with -PassThru the tunnel stays for it.",
                _options.Target,
                e);
        }
    }

    /// <summary>Closes the tunnel when there is nothing to wait for any more.</summary>
    public async Task CloseAtTheEndAsync()
    {
        await WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until the client has ended; where there is none to wait for, until the tunnel is closed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        CanWait ? _process!.WaitForExitAsync(cancellationToken) : Tunnel.Closed.WaitAsync(cancellationToken);

    /// <summary>By its standard input, where nobody else reads; it ends with a line's end.</summary>
    private static async Task TellPasswordAsync(Process client, SecureString password)
    {
        byte[] line = Encoding.UTF8.GetBytes(new NetworkCredential("", password).Password + "\n");
        try
        {
            await client.StandardInput.BaseStream.WriteAsync(line).ConfigureAwait(false);
            client.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why itself.
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    /// <summary>Closes the tunnel. A client that still runs is left to say so itself.</summary>
    public async ValueTask DisposeAsync()
    {
        await Tunnel.DisposeAsync().ConfigureAwait(false);
        _process?.Dispose();
        if (_folder is { } folder)
        {
            PrivateFiles.Remove(folder);
        }
    }
}

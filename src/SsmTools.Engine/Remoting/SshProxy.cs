using System.Buffers;
using System.Runtime.InteropServices;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Tunnels;

namespace SsmTools.Engine.Remoting;

/// <summary>
/// The bytes between an ssh client and the ssh server of a node, for ssh's ProxyCommand: what is read from the input goes
/// to the server, and what comes from there to the output.
/// </summary>
public static class SshProxy
{
    private const int BufferSize = 32 * 1024;

    /// <summary>How ssh tells its proxy that it has done (sshconnect.c, ssh_kill_proxy_command), and others do.</summary>
    private static readonly PosixSignal[] s_ends = [PosixSignal.SIGHUP, PosixSignal.SIGTERM];

    /// <summary>Carries the bytes until one side has ended; the session is ended at the service, too.</summary>
    /// <param name="aws">Whom to ask, and as whom.</param>
    /// <param name="options">Which server.</param>
    /// <param name="input">What the client sends.</param>
    /// <param name="output">What the client reads; nothing else is ever written there.</param>
    /// <param name="timeProvider">The clock; the system's where null.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">
    /// The service refused, or the session came to another end than the server's own: PortSessionEnded with the agent's
    /// words where it could not connect to the server; what a key may fail by.
    /// </exception>
    public static async Task RunAsync(
        AwsContext aws,
        SshProxyOptions options,
        Stream input,
        Stream output,
        TimeProvider? timeProvider,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(aws);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using Signals signals = new(over);
        try
        {
            await ConnectAsync(aws, options, input, output, timeProvider ?? TimeProvider.System, over.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client has done, and said so by a signal.
        }
    }

    /// <summary>Carries bytes both ways until the client or the server has ended.</summary>
    internal static async Task CarryAsync(
        IPortStream server, Stream input, Stream output, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task up = UpAsync(server, input, over.Token);
        Task down = DownAsync(server, output, over.Token);
        Task first = await Task.WhenAny(up, down).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        // A read of a console's or pipe's input cannot be ended, so the other task is left to the end of the process.
        try
        {
            await first.ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is EngineException inner)
        {
            throw inner;
        }
        catch (IOException)
        {
            // The client's end of a pipe is closed.
        }
    }

    private static async Task ConnectAsync(
        AwsContext aws,
        SshProxyOptions options,
        Stream input,
        Stream output,
        TimeProvider timeProvider,
        CancellationToken cancellationToken)
    {
        if (options.Key is { } key)
        {
            await InstanceConnect.SendAsync(aws, options.Target, key, cancellationToken).ConfigureAwait(false);
        }

        PortSessionOptions session = new()
        {
            Target = options.Target,
            DocumentName = PortSessionOptions.SshDocument,
            Parameters = new Dictionary<string, IReadOnlyList<string>> { ["portNumber"] = [$"{options.Port}"] },
            Reason = options.Reason,
            ReconnectTimeout = options.ReconnectTimeout,
        };
        PortSession started = await PortSession.StartAsync(aws, session, timeProvider, cancellationToken).ConfigureAwait(false);
        await using (started.ConfigureAwait(false))
        {
            IPortStream server = started.TryConnect() ?? throw started.Failure ?? Ended(options.Target);
            await using (server.ConfigureAwait(false))
            {
                await CarryAsync(server, input, output, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task UpAsync(IPortStream server, Stream input, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferSize];
        while (true)
        {
            // Not every stream of a process can be waited for without a thread.
            int read = await Task.Run(() => input.ReadAsync(buffer, cancellationToken).AsTask(), cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            await server.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task DownAsync(IPortStream server, Stream output, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await server.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is int read and > 0)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static EngineException Ended(string target) => new(
        "PortSessionEnded",
        ErrorKind.ResourceUnavailable,
        $"The session with {target} was ended as soon as it had begun.",
        "Try again; then look at the agent's log on the node.",
        target);

    /// <summary>Ends the carrying in place of the process, so that the session is ended at the service.</summary>
    private sealed class Signals : IDisposable
    {
        private readonly PosixSignalRegistration[] _registrations;

        public Signals(CancellationTokenSource over)
        {
            _registrations = [.. s_ends.Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                try
                {
                    over.Cancel();
                }
                catch (ObjectDisposedException)
                {
                    // It is over.
                }
            }))];
        }

        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in _registrations)
            {
                registration.Dispose();
            }
        }
    }
}

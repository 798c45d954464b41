using System.Buffers;
using System.Net.Sockets;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.Ports;

/// <summary>
/// One connection at a time. Where it is for forwarding, the next message after a connection's end makes the next
/// connection; where it is for ssh, the connection's end is the session's (amazon-ssm-agent,
/// session/plugins/port/port_basic.go).
/// </summary>
internal sealed class BasicPortProgram : IPortProgram
{
    private readonly Func<CancellationToken, Task<PortDialer>> _resolve;
    private readonly bool _isForwarding;
    private readonly PortInput _input = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Socket> _sockets = [];
    private readonly Task _running;

    /// <summary>The connection, or the next one to come; none when there will be none.</summary>
    private TaskCompletionSource<Socket?> _connection = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BasicPortProgram(Func<CancellationToken, Task<PortDialer>> resolve, bool isForwarding)
    {
        _resolve = resolve;
        _isForwarding = isForwarding;
        _running = RunAsync();
    }

    public Task<int> Exited => _exited.Task;

    public string? Failure { get; private set; }

    public Task Room => _input.Room;

    public void Take(ReadOnlyMemory<byte> data) => _input.Add(data.Span);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Take(data);
        return ValueTask.CompletedTask;
    }

    public void Signal(StreamFlag flag)
    {
        if (flag == StreamFlag.DisconnectToPort)
        {
            _input.AddEnd();
        }
    }

    public void Resize(TerminalSize size)
    {
        // There is no window.
    }

    public async ValueTask<ProgramOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource<Socket?> connection = Volatile.Read(ref _connection);
            Socket? socket = await connection.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (socket is null)
            {
                return default;
            }

            try
            {
                int count = await socket.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false);
                if (count > 0)
                {
                    return new ProgramOutput(PayloadType.Output, count);
                }

                OnClosed(connection, null);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                OnClosed(connection, ""); // the real agent says nothing more of it
            }

            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sockets.ForEach(socket => socket.Dispose());
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            PortDialer dialer = await _resolve(_stop.Token).ConfigureAwait(false);
            await DialAsync(dialer, "Unable to connect to specified port: ").ConfigureAwait(false);
            while (!_exited.Task.IsCompleted)
            {
                (byte[]? buffer, int length) = await _input.TakeAsync(_stop.Token).ConfigureAwait(false);
                if (buffer is null)
                {
                    OnClosed(_connection, "");
                    continue;
                }

                if (!await TrySendAsync(dialer, buffer.AsMemory(0, length)).ConfigureAwait(false) && _isForwarding)
                {
                    // As when the real agent cannot write: the client sends it again, for the next connection.
                    await TrySendAsync(dialer, buffer.AsMemory(0, length)).ConfigureAwait(false);
                }

                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        catch (PortException e)
        {
            End(e.Message);
        }
        catch (OperationCanceledException)
        {
            End(null);
        }
    }

    private async Task<bool> TrySendAsync(PortDialer dialer, ReadOnlyMemory<byte> data)
    {
        TaskCompletionSource<Socket?> connection = _connection;
        if (!connection.Task.IsCompleted)
        {
            await DialAsync(dialer, "").ConfigureAwait(false);
        }

        if (await connection.Task.ConfigureAwait(false) is not { } socket)
        {
            return true; // it is over, and nobody wants it
        }

        try
        {
            while (!data.IsEmpty)
            {
                data = data[await socket.SendAsync(data, _stop.Token).ConfigureAwait(false)..];
            }

            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            OnClosed(connection, "");
            return false;
        }
    }

    private async Task DialAsync(PortDialer dialer, string prefix)
    {
        try
        {
            _sockets.RemoveAll(socket => socket.SafeHandle.IsClosed);
            Socket socket = await dialer.DialAsync(_stop.Token).ConfigureAwait(false);
            _sockets.Add(socket);
            _connection.TrySetResult(socket);
        }
        catch (PortException e) when (prefix.Length > 0)
        {
            throw new PortException(prefix + e.Message, e);
        }
        catch (PortException)
        {
            End("");
        }
    }

    /// <summary>A connection was closed, by the server or from here. Both sides may find that out.</summary>
    private void OnClosed(TaskCompletionSource<Socket?> connection, string? failure)
    {
        if (connection.Task is not { IsCompleted: true, Result: { } socket })
        {
            return;
        }

        PortSockets.Close(socket);
        if (!_isForwarding)
        {
            End(failure);
        }
        else
        {
            _ = Interlocked.CompareExchange(
                ref _connection, new TaskCompletionSource<Socket?>(TaskCreationOptions.RunContinuationsAsynchronously), connection);
        }
    }

    private void End(string? failure)
    {
        TaskCompletionSource<Socket?> none = new();
        none.SetResult(null);
        TaskCompletionSource<Socket?> last = Interlocked.Exchange(ref _connection, none);
        if (!last.TrySetResult(null) && last.Task.Result is { } socket)
        {
            PortSockets.Close(socket);
        }

        if (!_exited.Task.IsCompleted)
        {
            Failure = failure;
            _exited.TrySetResult(failure is null ? 0 : 1);
        }
    }
}

using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Smux;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.Ports;

/// <summary>
/// Many connections side by side, one for each stream that the client opens (amazon-ssm-agent,
/// session/plugins/port/port_mux.go). The real agent makes them one after the other, this one at the same time.
/// </summary>
internal sealed class MuxPortProgram : IPortProgram
{
    private readonly Func<CancellationToken, Task<PortDialer>> _resolve;
    private readonly SmuxMultiplexer _mux;
    private readonly Channel<(PayloadType Type, byte[] Buffer, int Length)> _output =
        Channel.CreateBounded<(PayloadType Type, byte[] Buffer, int Length)>(4);

    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task<int> _running;
    private Task _room = Task.CompletedTask;

    public MuxPortProgram(Func<CancellationToken, Task<PortDialer>> resolve, bool keepAlive, TimeProvider timeProvider)
    {
        _resolve = resolve;
        _mux = new SmuxMultiplexer(new SmuxOptions { Role = SmuxRole.Server, KeepAlive = keepAlive }, SendAsync, timeProvider);
        _running = RunAsync();
    }

    public Task<int> Exited => _running;

    public string? Failure { get; private set; }

    public Task Room
    {
        get
        {
            if (_room.IsCompleted && !_mux.HasRoom)
            {
                _room = _mux.WaitForRoomAsync(_stop.Token);
            }

            return _room;
        }
    }

    public void Take(ReadOnlyMemory<byte> data)
    {
        _mux.OnPayload(data);
        _mux.Notify();
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Take(data);
        return ValueTask.CompletedTask;
    }

    public void Signal(StreamFlag flag)
    {
        // That a local connection ended is said by its stream.
    }

    public void Resize(TerminalSize size)
    {
        // There is no window.
    }

    public async ValueTask<ProgramOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (await _output.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_output.Reader.TryRead(out (PayloadType Type, byte[] Buffer, int Length) piece))
            {
                piece.Buffer.AsSpan(0, piece.Length).CopyTo(buffer.Span);
                ArrayPool<byte>.Shared.Return(piece.Buffer);
                return new ProgramOutput(piece.Type, piece.Length);
            }
        }

        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _mux.DisposeAsync().ConfigureAwait(false);
        Task[] connections;
        lock (_connections)
        {
            connections = [.. _connections];
        }

        await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<int> RunAsync()
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task running = _mux.RunAsync(over.Token);
        try
        {
            PortDialer dialer = await _resolve(over.Token).ConfigureAwait(false);
            while (await _mux.AcceptAsync(over.Token).ConfigureAwait(false) is { } stream)
            {
                Track(ConnectAsync(stream, dialer));
            }

            await running.ConfigureAwait(false);
            return 0;
        }
        catch (PortException e)
        {
            Failure = e.Message;
            return 1;
        }
        catch (IOException)
        {
            Failure = ""; // the client broke the protocol, or was silent for too long; the real agent says nothing of it
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _output.Writer.TryComplete();
        }
    }

    private void Track(Task connection)
    {
        lock (_connections)
        {
            _connections.RemoveWhere(task => task.IsCompleted);
            _connections.Add(connection);
        }
    }

    private async Task ConnectAsync(SmuxStream stream, PortDialer dialer)
    {
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                using Socket socket = await dialer.DialAsync(_stop.Token).ConfigureAwait(false);
                await PortBridge.RunAsync(stream, socket, _stop.Token).ConfigureAwait(false);
            }
            catch (PortException)
            {
                await WriteAsync(PayloadType.Flag, StreamFlagPayload.Write(StreamFlag.ConnectToPortError), _stop.Token).ConfigureAwait(false);
            }
        }
    }

    private ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        WriteAsync(PayloadType.Output, payload, cancellationToken);

    private async ValueTask WriteAsync(PayloadType type, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        await _output.Writer.WriteAsync((type, buffer, payload.Length), cancellationToken).ConfigureAwait(false);
    }
}

using System.Net.Sockets;

namespace SsmTools.Engine.Tunnels;

/// <summary>The connections of a tunnel.</summary>
public sealed partial class Tunnel
{
    /// <summary>The wait when the system has no more descriptors: closing connections give some back.</summary>
    private static readonly TimeSpan s_exhausted = TimeSpan.FromMilliseconds(100);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
            catch (SocketException e)
            {
                if (e.SocketErrorCode is not (SocketError.ConnectionReset or SocketError.ConnectionAborted))
                {
                    _counters.AddError($"A connection could not be accepted: {e.Message}.");
                    await Task.Delay(s_exhausted, _timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                continue;
            }

            Track(CarryAsync(socket));
        }
    }

    private void Track(Task connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
        }

        _ = connection.ContinueWith(
            done =>
            {
                lock (_lock)
                {
                    _connections.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task CarryAsync(Socket socket)
    {
        _counters.Enter();
        try
        {
            socket.NoDelay = true;
            if (await _route.ConnectAsync(socket, _stop.Token).ConfigureAwait(false) is not { } leg)
            {
                socket.Dispose();
                return;
            }

            TunnelConnection connection = new(socket, leg.Stream, _counters, _timeProvider);
            if (!await connection.RunAsync(_stop.Token).ConfigureAwait(false))
            {
                _counters.AddError($"{Target} could not connect to {leg.Destination}: the port is closed there, or something in between does not let it through.");
            }
            else if (connection.Failure is { } failure)
            {
                _counters.AddError(failure);
            }
        }
        catch (EngineException e)
        {
            if (e.ErrorId is "SocksRequestRefused" or "TooManyDestinations")
            {
                _counters.AddError(e.Message); // what was in the way of a session was counted with it
            }

            TunnelConnection.Reset(socket);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
        {
            TunnelConnection.Reset(socket);
        }
        finally
        {
            _counters.Leave();
        }
    }
}

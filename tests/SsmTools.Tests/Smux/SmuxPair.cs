using SsmTools.Engine.Smux;

namespace SsmTools.Tests.Smux;

/// <summary>Two ends, joined in memory: a payload is on its way until the other end has room.</summary>
internal sealed class SmuxPair : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _running;

    public SmuxPair(TimeProvider time, SmuxOptions? client = null, SmuxOptions? server = null)
    {
        Client = new SmuxMultiplexer(
            client ?? new SmuxOptions { Role = SmuxRole.Client }, (payload, token) => Server!.OnPayloadAsync(payload, token), time);
        Server = new SmuxMultiplexer(
            server ?? new SmuxOptions { Role = SmuxRole.Server }, (payload, token) => Client.OnPayloadAsync(payload, token), time);
        _running = [Client.RunAsync(_stop.Token), Server.RunAsync(_stop.Token)];
    }

    public SmuxMultiplexer Client { get; }

    public SmuxMultiplexer Server { get; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        foreach (Task running in _running)
        {
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        _stop.Dispose();
    }
}

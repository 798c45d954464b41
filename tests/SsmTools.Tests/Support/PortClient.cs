using System.Collections.Concurrent;
using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Smux;

namespace SsmTools.Tests.Support;

/// <summary>The client's end of a port session, over the module's own channel: plain bytes, or streams.</summary>
internal sealed class PortClient : IAsyncDisposable
{
    public const string Port = "AWS-StartPortForwardingSession";
    public const string Host = "AWS-StartPortForwardingSessionToRemoteHost";
    public const string Ssh = "AWS-StartSSHSession";

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<ChannelOpening> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _received = new();
    private readonly AsyncSignal _news = new();
    private readonly SessionChannel _channel;
    private readonly bool _isMultiplexed;
    private Task _sending = Task.CompletedTask;

    private PortClient(SsmSessionApi api, SessionGrant grant, string version, bool isMultiplexed)
    {
        SessionId = grant.SessionId;
        _isMultiplexed = isMultiplexed;
        _channel = new SessionChannel(
            api,
            new WebSocketConnector(TimeProvider.System),
            grant,
            new DataChannelOptions { Role = ChannelRole.Client, ClientVersion = version },
            new SessionChannelOptions { MaxSilence = TimeSpan.FromSeconds(1) },
            TimeProvider.System);
        Mux = new SmuxMultiplexer(new SmuxOptions { Role = SmuxRole.Client }, SendAsync, TimeProvider.System);
        End = RunAsync();
    }

    public string SessionId { get; }

    public SmuxMultiplexer Mux { get; }

    /// <summary>The event that ends the session; null when the service did not know it any more.</summary>
    public Task<ChannelEvent?> End { get; }

    /// <summary>What the agent announced.</summary>
    public Task<ChannelOpening> Opened => _opened.Task.WaitAsync(TestTimeout.Token);

    /// <summary>What the agent raised.</summary>
    public ConcurrentQueue<StreamFlag> Flags { get; } = new();

    public int Reconnects => _channel.Reconnects;

    public static async Task<PortClient> OpenAsync(
        AwsContext aws, string target, string document, string version = "1.2.694.0", bool isMultiplexed = true, params (string Name, object Value)[] parameters)
    {
        SsmSessionApi api = new(aws, new ShellSessionOptions
        {
            Target = target,
            DocumentName = document,
            Parameters = parameters.ToDictionary(
                pair => pair.Name, pair => (IReadOnlyList<string>)[Convert.ToString(pair.Value, System.Globalization.CultureInfo.InvariantCulture)!]),
        });
        return new PortClient(api, await api.StartAsync(TestTimeout.Token), version, isMultiplexed);
    }

    /// <summary>Sends bytes as they are.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        await _channel.SendAsync(PayloadType.Output, data, cancellationToken);

    public async ValueTask SendAsync(string text) => await SendAsync(Encoding.ASCII.GetBytes(text), TestTimeout.Token);

    public async ValueTask SendAsync(StreamFlag flag) => await _channel.SendAsync(PayloadType.Flag, StreamFlagPayload.Write(flag), TestTimeout.Token);

    /// <summary>Waits until so much was received of plain bytes, in all.</summary>
    public async Task<string> ReadAsync(int length)
    {
        while (true)
        {
            lock (_received)
            {
                if (_received.Length >= length)
                {
                    return _received.ToString();
                }
            }

            await _news.WaitAsync(TestTimeout.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await ((Task)End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Mux.DisposeAsync();
        _channel.Dispose();
        _stop.Dispose();
    }

    private async Task<ChannelEvent?> RunAsync()
    {
        try
        {
            return await _channel.RunAsync(HandleAsync, (_, _) => ValueTask.CompletedTask, _stop.Token);
        }
        finally
        {
            _opened.TrySetCanceled();
        }
    }

    private async ValueTask HandleAsync(ChannelEvent channelEvent, CancellationToken cancellationToken)
    {
        if (channelEvent.Kind == ChannelEventKind.Opened)
        {
            _sending = _isMultiplexed ? Mux.RunAsync(_stop.Token) : Task.CompletedTask;
            _opened.TrySetResult(channelEvent.Opening!);
        }
        else if (channelEvent.PayloadType == PayloadType.Flag && StreamFlagPayload.TryRead(channelEvent.Data.Span, out StreamFlag flag))
        {
            Flags.Enqueue(flag);
        }
        else if (channelEvent.PayloadType == PayloadType.Output && _isMultiplexed)
        {
            await Mux.OnPayloadAsync(channelEvent.Data, cancellationToken);
        }
        else if (channelEvent.PayloadType == PayloadType.Output)
        {
            lock (_received)
            {
                _received.Append(Encoding.ASCII.GetString(channelEvent.Data.Span));
            }

            _news.Set();
        }
    }
}

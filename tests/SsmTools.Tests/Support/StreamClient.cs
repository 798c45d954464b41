using System.Buffers.Binary;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Tests.Support;

/// <summary>The client's end of a session with a <see cref="StreamProgram"/>, over the module's own channel.</summary>
/// <param name="aws">Whom to ask.</param>
/// <param name="target">The node.</param>
/// <param name="seed">Which bytes; tells this session from all others.</param>
/// <param name="length">How many, each way.</param>
/// <param name="chunk">How many to a message.</param>
internal sealed class StreamClient(AwsContext aws, string target, ulong seed, long length, int chunk) : IDisposable
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isGreeted;

    /// <summary>What was sent, without the header and the last byte.</summary>
    public HashedStream Sent { get; } = new(seed, length);

    /// <summary>What was received, without the greeting.</summary>
    public HashedStream Received { get; } = new(~seed, length);

    /// <summary>The session's links.</summary>
    public CountingConnector Links { get; init; } = new(new WebSocketConnector(TimeProvider.System));

    /// <summary>For how long the node may leave everything unanswered.</summary>
    public TimeSpan MaxSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the link was resumed.</summary>
    public int Resumes { get; private set; }

    /// <summary>Runs the session to its end, whatever that is.</summary>
    /// <returns>The event that ended it; null when the service did not know it any more.</returns>
    public async Task<ChannelEvent?> RunAsync(CancellationToken cancellationToken)
    {
        SsmSessionApi api = new(aws, new ShellSessionOptions { Target = target });
        SessionGrant grant = await api.StartAsync(cancellationToken);
        using SessionChannel channel = new(
            api,
            Links,
            grant,
            new DataChannelOptions { Role = ChannelRole.Client },
            new SessionChannelOptions { MaxSilence = MaxSilence },
            TimeProvider.System);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAsync(channel, over.Token);
        try
        {
            return await channel.RunAsync(HandleAsync, (_, _) => ValueTask.CompletedTask, cancellationToken);
        }
        finally
        {
            Resumes = channel.Reconnects;
            await over.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        Sent.Dispose();
        Received.Dispose();
    }

    private ValueTask HandleAsync(ChannelEvent channelEvent, CancellationToken cancellationToken)
    {
        switch (channelEvent.Kind)
        {
            case ChannelEventKind.Opened:
                _opened.TrySetResult();
                break;
            case ChannelEventKind.Payload:
                ReadOnlySpan<byte> data = channelEvent.Data.Span;
                Received.Take(_isGreeted ? data : data[1..]);
                _isGreeted = true;
                if (Received.IsWhole)
                {
                    _received.TrySetResult();
                }

                break;
            default:
                break;
        }

        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(SessionChannel channel, CancellationToken cancellationToken)
    {
        await _opened.Task.WaitAsync(cancellationToken);
        byte[] header = new byte[StreamProgram.HeaderLength];
        BinaryPrimitives.WriteUInt64LittleEndian(header, seed);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), length);
        await channel.SendAsync(PayloadType.Output, header, cancellationToken);
        byte[] buffer = new byte[chunk];
        int count;
        while ((count = Sent.Make(buffer)) > 0)
        {
            await channel.SendAsync(PayloadType.Output, buffer.AsMemory(0, count), cancellationToken);
        }

        await _received.Task.WaitAsync(cancellationToken);
        await channel.SendAsync(PayloadType.Output, new byte[1], cancellationToken);
    }
}

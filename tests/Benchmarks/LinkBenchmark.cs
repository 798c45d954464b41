using System.Threading.Channels;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Benchmarks;

/// <summary>
/// One session over loopback WebSockets: the module's channel, the sandbox's gateway and its agent, all in this process, so
/// that the figures are those of all three.
/// </summary>
internal static class LinkBenchmark
{
    private const int Payload = 32 * 1024;
    private const long Length = 512L * 1024 * 1024;
    private const int Runs = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(TextWriter output)
    {
        await using SandboxNode node = await SandboxNode.StartAsync(options => options with { Program = _ => new FloodProgram() });
        using AwsContext aws = node.CreateContext();
        using CancellationTokenSource patience = new(s_patience);
        SsmSessionApi api = new(aws, new ShellSessionOptions { Target = node.InstanceId });
        using SessionChannel channel = new(
            api,
            new WebSocketConnector(TimeProvider.System),
            await api.StartAsync(patience.Token),
            new DataChannelOptions { Role = ChannelRole.Client },
            new SessionChannelOptions(),
            TimeProvider.System);
        Channel<int> arrived = Channel.CreateUnbounded<int>();
        long messages = 0;
        Task run = channel.RunAsync(
            (channelEvent, _) =>
            {
                if (channelEvent.Kind == ChannelEventKind.Payload)
                {
                    messages++;
                    arrived.Writer.TryWrite(channelEvent.Data.Length);
                }

                return ValueTask.CompletedTask;
            },
            (_, _) => ValueTask.CompletedTask,
            patience.Token);
        _ = await arrived.Reader.ReadAsync(patience.Token);
        output.WriteLine($"Link: client, gateway and agent of one session in one process, {Length >> 20} MB each way in turn");
        byte[] payload = new byte[Payload];
        new Random(1).NextBytes(payload);
        for (int i = 0; i <= Runs; i++)
        {
            Load up = new();
            await channel.SendAsync(PayloadType.Output, FloodProgram.Order(Length, 0), patience.Token);
            for (long sent = 0; sent < Length; sent += Payload)
            {
                await channel.SendAsync(PayloadType.Output, payload, patience.Token);
            }

            _ = await arrived.Reader.ReadAsync(patience.Token);
            string upLine = up.Line("client to agent", Length, Length / Payload);
            messages = 0;
            Load down = new();
            await channel.SendAsync(PayloadType.Output, FloodProgram.Order(1, Length), patience.Token);
            for (long received = 0; received < Length; received += await arrived.Reader.ReadAsync(patience.Token))
            {
            }

            string downLine = down.Line("agent to client", Length, messages);
            await channel.SendAsync(PayloadType.Output, payload.AsMemory(0, 1), patience.Token);
            _ = await arrived.Reader.ReadAsync(patience.Token);
            if (i > 0)
            {
                output.WriteLine(upLine);
                output.WriteLine(downLine);
            }
        }

        await patience.CancelAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        output.WriteLine($"  messages sent again by the client {channel.Resends}");
        output.WriteLine();
    }
}

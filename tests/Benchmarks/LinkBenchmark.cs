using System.Globalization;
using System.Threading.Channels;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Sessions;

namespace SsmTools.Benchmarks;

/// <summary>
/// One session over loopback WebSockets: the module's channel in this process, the sandbox's gateway and agent in another.
/// </summary>
internal static class LinkBenchmark
{
    private const int Payload = 32 * 1024;
    private const long TrickleLength = 8 * 1024 * 1024;
    private const int Runs = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it.</summary>
    /// <param name="args">How many megabytes instead of so many.</param>
    /// <param name="output">Gets the figures.</param>
    public static async Task RunAsync(string[] args, TextWriter output)
    {
        long length = 1024L * 1024 * (args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 512);
        using FloodSandbox sandbox = await FloodSandbox.StartAsync();
        using AwsContext aws = AwsContext.Create(sandbox.Options);
        using CancellationTokenSource patience = new(s_patience);
        SsmSessionApi api = new(aws, new ShellSessionOptions { Target = sandbox.InstanceId });
        using SessionChannel channel = new(
            api,
            new WebSocketConnector(TimeProvider.System),
            await api.StartAsync(patience.Token),
            new DataChannelOptions { Role = ChannelRole.Client },
            new SessionChannelOptions { TrickleInterval = _ => TimeSpan.FromMilliseconds(40) }, // as tunnels have it
            TimeProvider.System);
        Channel<int> arrived = Channel.CreateUnbounded<int>();
        Task run = channel.RunAsync(
            (channelEvent, _) =>
            {
                if (channelEvent.Kind == ChannelEventKind.Payload)
                {
                    arrived.Writer.TryWrite(channelEvent.Data.Length);
                }

                return ValueTask.CompletedTask;
            },
            (_, _) => ValueTask.CompletedTask,
            patience.Token);
        _ = await arrived.Reader.ReadAsync(patience.Token);
        output.WriteLine($"Link: one session, {length >> 20} MB each way in turn; the gateway and the agent are the other side");
        for (int i = 0; i <= Runs; i++)
        {
            TextWriter told = i == 0 ? TextWriter.Null : output;
            await told.WriteLineAsync(await SendAsync(channel, arrived.Reader, sandbox, length, patience.Token));
            await told.WriteLineAsync(await ReceiveAsync(channel, arrived.Reader, sandbox, "agent to client", length, isTrickle: false, patience.Token));
        }

        const string Trickle = "agent to client, 1 KB a millisecond";
        _ = await ReceiveAsync(channel, arrived.Reader, sandbox, Trickle, TrickleLength / 4, isTrickle: true, patience.Token);
        output.WriteLine(await ReceiveAsync(channel, arrived.Reader, sandbox, Trickle, TrickleLength, isTrickle: true, patience.Token));
        await patience.CancelAsync();
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        output.WriteLine($"  messages that the client sent again {channel.Resends}");
        output.WriteLine();
    }

    private static async Task<string> SendAsync(
        SessionChannel channel, ChannelReader<int> arrived, FloodSandbox sandbox, long length, CancellationToken cancellationToken)
    {
        byte[] payload = new byte[Payload];
        new Random(1).NextBytes(payload);
        Load load = new(() => sandbox.Cpu);
        await channel.SendAsync(PayloadType.Output, FloodProgram.Order(length, 0), cancellationToken);
        for (long sent = 0; sent < length; sent += Payload)
        {
            await channel.SendAsync(PayloadType.Output, payload, cancellationToken);
        }

        _ = await arrived.ReadAsync(cancellationToken);
        return load.Line("client to agent", length, length / Payload);
    }

    private static async Task<string> ReceiveAsync(
        SessionChannel channel, ChannelReader<int> arrived, FloodSandbox sandbox, string name, long length, bool isTrickle, CancellationToken cancellationToken)
    {
        Load load = new(() => sandbox.Cpu);
        long messages = 0;
        await channel.SendAsync(
            PayloadType.Output, FloodProgram.Order(1, length, isTrickle), cancellationToken);
        for (long received = 0; received < length; received += await arrived.ReadAsync(cancellationToken))
        {
            messages++;
        }

        string line = load.Line(name, length, messages);
        await channel.SendAsync(PayloadType.Output, new byte[1], cancellationToken);
        _ = await arrived.ReadAsync(cancellationToken);
        return line;
    }
}

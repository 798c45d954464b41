using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Sessions;
using SsmTools.Engine.Terminal;
using SsmTools.Sandbox.Agents;
using SsmTools.Sandbox.World;
using SsmTools.Tests.Support;

namespace SsmTools.Benchmarks;

/// <summary>Fuzzed frames through real sockets, and afterwards the question whether everything still works.</summary>
internal static class FuzzSockets
{
    private const int FramesPerSession = 500;

    /// <summary>Where each session costs seconds: an agent that was displaced, and shells that end.</summary>
    private const int SlowShare = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(int frames, int seed, TextWriter output)
    {
        await using SandboxNode node = await SandboxNode.StartAsync();
        using AwsContext aws = AwsContext.Create(new AwsOptions
        {
            Region = node.Host.Facts.Region,
            AccessKey = node.Host.Facts.AccessKeyId,
            SecretKey = node.Host.Facts.SecretAccessKey,
            EndpointUrl = node.Host.Facts.Endpoint,
        });
        FrameFuzzer typed = new(new Random(seed), isTyped: true);
        FrameFuzzer any = new(new Random(seed));
        await MeasureAsync("gateway and agent, from a client", frames, count => AsClientAsync(aws, node.InstanceId, typed, count), output);
        await MeasureAsync("gateway, from an agent", frames / SlowShare, count => AsAgentAsync(aws, node, any, count), output);
        await MeasureAsync("client, from a gateway", frames / 2, count => HostileGateway.AttackClientAsync(any, count), output);
        if (!OperatingSystem.IsWindows())
        {
            await MeasureAsync("agent, from a gateway", frames / SlowShare, count => HostileGateway.AttackAgentAsync(any, count), output);
        }

        await CheckAsync(aws, node.InstanceId);
        output.WriteLine("  afterwards a session on the same node works");
    }

    private static async Task MeasureAsync(string name, int frames, Func<int, Task<int>> attack, TextWriter output)
    {
        _ = await attack(Math.Min(frames, FramesPerSession));
        long before = FuzzBenchmark.Memory();
        Stopwatch watch = Stopwatch.StartNew();
        int sent = 0;
        int sessions = 0;
        while (sent < frames)
        {
            sent += Math.Max(1, await attack(FramesPerSession).WaitAsync(s_patience));
            sessions++;
        }

        double rate = sent / watch.Elapsed.TotalSeconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {name}: {sent} frames in {sessions} sessions, {rate:0} frames/s; memory {before / 1048576.0:0.0} MB before, {FuzzBenchmark.Memory() / 1048576.0:0.0} MB after"));
    }

    private static async Task<int> AsClientAsync(AwsContext aws, string instanceId, FrameFuzzer frames, int count)
    {
        using CancellationTokenSource timeout = new(s_patience);
        StartSessionResponse session = await StartAsync(aws, instanceId, timeout.Token);
        using ClientWebSocket socket = new();
        await socket.ConnectAsync(new Uri(session.StreamUrl!), timeout.Token);
        string first = $$"""{"MessageSchemaVersion":"1.0","RequestId":"r","TokenValue":"{{session.TokenValue}}","ClientId":"c"}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes(first), WebSocketMessageType.Text, true, timeout.Token);
        Task draining = DrainAsync(socket, timeout.Token);
        int sent = await SendAsync(frame => socket.SendAsync(frame, WebSocketMessageType.Binary, true, timeout.Token), frames, count);
        await TerminateAsync(aws, session, timeout.Token);
        socket.Abort();
        await draining;
        return sent;
    }

    /// <summary>Plays the node's agent, with credentials that are good, while a real client is on the session.</summary>
    private static async Task<int> AsAgentAsync(AwsContext aws, SandboxNode node, FrameFuzzer frames, int count)
    {
        using CancellationTokenSource timeout = new(s_patience);
        StartSessionResponse session = await StartAsync(aws, node.InstanceId, timeout.Token);
        SandboxWorld world = node.Host.World;
        InstanceRecord instance = world.Instances[node.InstanceId];
        using HttpClient http = new();
        await using HostileGateway metadata = new(node.Host.Credentials.IssueRole(
            world.RoleOf(instance)!, instance.Id, TimeSpan.FromHours(1), instance.Id));
        AgentApi api = metadata.CreateApi(http, node.Host.Facts.Endpoint, instance.Id);
        int sent = 0;
        using (AgentSocket control = await api.OpenControlChannelAsync(timeout.Token))
        using (AgentSocket data = await api.OpenDataChannelAsync(session.SessionId!, timeout.Token))
        {
            foreach (AgentSocket socket in new[] { control, data })
            {
                sent += await SendAsync(
                    async frame =>
                    {
                        if (!await socket.TrySendAsync(frame, timeout.Token))
                        {
                            throw new WebSocketException("The gateway hung up.");
                        }
                    },
                    frames,
                    count / 2);
            }
        }

        await TerminateAsync(aws, session, timeout.Token);
        return sent;
    }

    private static async Task<int> SendAsync(Func<byte[], Task> send, FrameFuzzer frames, int count)
    {
        int sent = 0;
        try
        {
            for (; sent < count; sent++)
            {
                await send(frames.Next(sent / 3));
            }
        }
        catch (WebSocketException)
        {
            // Hung up on, as is right.
        }

        return sent;
    }

    private static async Task DrainAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>A session as soon as the agent is there: one that was displaced comes back after some seconds.</summary>
    private static async Task<StartSessionResponse> StartAsync(AwsContext aws, string instanceId, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await aws.Ssm.StartSessionAsync(new StartSessionRequest { Target = instanceId }, cancellationToken);
            }
            catch (Exception e) when (AwsErrors.HasCode(e, "TargetNotConnected"))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private static async Task TerminateAsync(AwsContext aws, StartSessionResponse session, CancellationToken cancellationToken)
    {
        try
        {
            await aws.Ssm.TerminateSessionAsync(new TerminateSessionRequest { SessionId = session.SessionId }, cancellationToken);
        }
        catch (Exception e) when (AwsErrors.HasCode(e, "DoesNotExistException"))
        {
            // A message ended it before.
        }
    }

    private static async Task CheckAsync(AwsContext aws, string instanceId)
    {
        using CancellationTokenSource timeout = new(s_patience);
        await TerminateAsync(aws, await StartAsync(aws, instanceId, timeout.Token), timeout.Token);
        using MemoryStream input = new("echo still-$((40+2))\n"u8.ToArray());
        using MemoryStream shown = new();
        using StreamTerminal terminal = new(input, shown);
        await using ShellSession session = await ShellSession.StartAsync(
            aws, new ShellSessionOptions { Target = instanceId }, null, timeout.Token);
        await session.RunAsync(terminal, timeout.Token);
        if (!Encoding.UTF8.GetString(shown.ToArray()).Contains("still-42", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The shell does not answer any more.");
        }
    }
}

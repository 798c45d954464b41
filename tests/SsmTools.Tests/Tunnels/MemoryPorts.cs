using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Smux;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Sessions;

namespace SsmTools.Tests.Tunnels;

/// <summary>A node in memory whose agent has port sessions; what is at the other end of them is up to the test.</summary>
internal sealed class MemoryPorts(string agentVersion, TimeProvider? time = null)
{
    public const string OldAgent = "2.3.900.0";
    public const string Agent = "3.3.1142.0";

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly List<MemoryNode> _sessions = [];

    /// <summary>The agents' ends of the sessions that were started, in their order.</summary>
    public IReadOnlyList<MemoryNode> Sessions
    {
        get
        {
            lock (_sessions)
            {
                return [.. _sessions];
            }
        }
    }

    /// <summary>Called before a session is started; what it throws is what the service answers.</summary>
    public Action<PortSessionOptions> OnStart { get; set; } = _ => { };

    /// <summary>Serves a connection of a multiplexed session; echoes where nothing is said. False refuses it.</summary>
    public Func<SmuxStream, Task<bool>> OnConnect { get; set; } = EchoAsync;

    public Task<PortSession> StartAsync(PortSessionOptions options, CancellationToken cancellationToken)
    {
        OnStart(options);
        MemoryNode node = new(
            new DataChannelOptions
            {
                Role = ChannelRole.Agent,
                AgentVersion = agentVersion,
                Handshake = new SessionTypeParameters
                {
                    SessionType = SessionType.Port,
                    Properties = JsonSerializer.SerializeToElement(new { type = "LocalPortForwarding", portNumber = "5432" }),
                },
            },
            _time);
        if (agentVersion != OldAgent)
        {
            Serve(node);
        }

        lock (_sessions)
        {
            _sessions.Add(node);
        }

        return PortSession.StartAsync(node, node, options, _time, cancellationToken);
    }

    public Task<Tunnel> OpenAsync(TunnelOptions options, CancellationToken cancellationToken) =>
        Tunnel.OpenAsync(StartAsync, _ => Task.CompletedTask, null, options, _time, cancellationToken);

    public static async Task<bool> EchoAsync(SmuxStream stream)
    {
        byte[] buffer = new byte[64 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None);
        }

        return true;
    }

    /// <summary>The agent's half of a multiplexed session.</summary>
    private void Serve(MemoryNode node)
    {
        SmuxMultiplexer mux = new(
            new SmuxOptions { Role = SmuxRole.Server },
            async (payload, token) =>
            {
                while (!node.Say(PayloadType.Output, payload.Span))
                {
                    await Task.Yield(); // the window is full
                    token.ThrowIfCancellationRequested();
                }
            },
            TimeProvider.System);
        node.OnInput = payload => _ = mux.OnPayloadAsync(payload, CancellationToken.None).AsTask();
        _ = mux.RunAsync(CancellationToken.None);
        _ = AcceptAsync(node, mux);
    }

    private async Task AcceptAsync(MemoryNode node, SmuxMultiplexer mux)
    {
        while (await mux.AcceptAsync(CancellationToken.None) is { } stream)
        {
            _ = ConnectAsync(node, stream);
        }
    }

    private async Task ConnectAsync(MemoryNode node, SmuxStream stream)
    {
        try
        {
            if (!await OnConnect(stream))
            {
                node.Say(PayloadType.Flag, StreamFlagPayload.Write(StreamFlag.ConnectToPortError));
            }
        }
        catch (IOException)
        {
            // The session is over.
        }

        await stream.CloseAsync();
    }
}

using System.Text.Json;
using SsmTools.Engine.Protocol;
using SsmTools.Engine.Tunnels;
using SsmTools.Tests.Sessions;

namespace SsmTools.Tests.Tunnels;

/// <summary>A node in memory whose agent has port sessions; what is at the other end of them is up to the test.</summary>
internal sealed class MemoryPorts(string agentVersion, TimeProvider? time = null)
{
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
        lock (_sessions)
        {
            _sessions.Add(node);
        }

        return PortSession.StartAsync(node, node, options, _time, cancellationToken);
    }

    public Task<Tunnel> OpenAsync(TunnelOptions options, CancellationToken cancellationToken) =>
        Tunnel.OpenAsync(StartAsync, null, options, _time, cancellationToken);
}

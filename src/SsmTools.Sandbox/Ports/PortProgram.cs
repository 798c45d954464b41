using SsmTools.Engine.Protocol;
using SsmTools.Sandbox.Agents;

namespace SsmTools.Sandbox.Ports;

/// <summary>Chooses what runs in a port session.</summary>
internal static class PortProgram
{
    /// <summary>The longest message that one of them makes: a full frame of a multiplexed session.</summary>
    public const int MaxOutput = (32 * 1024) + 8;

    /// <summary>Starts it, as the real agent chooses (amazon-ssm-agent, session/plugins/port/port.go).</summary>
    /// <param name="plan">What the document says.</param>
    /// <param name="clientVersion">What the client said that it is.</param>
    /// <param name="settings">The machine.</param>
    public static IPortProgram Start(PortPlan plan, string? clientVersion, AgentSettings settings)
    {
        Task<PortDialer> Resolve(CancellationToken token) =>
            PortDialer.ResolveAsync(plan, settings.VpcCidr, settings.ResolveAsync, token);
        return plan.IsForwarding && VersionGate.ClientMultiplexes(clientVersion)
            ? new MuxPortProgram(Resolve, !VersionGate.ClientNeedsNoKeepAlive(clientVersion), settings.Clock.Inner)
            : new BasicPortProgram(Resolve, plan.IsForwarding);
    }
}

using SsmTools.Engine.Protocol;
using Xunit;

namespace SsmTools.Tests.Protocol;

public sealed class VersionGateTests
{
    [Theory]
    [InlineData("3.0.196.0", false)]
    [InlineData("3.0.196.1", true)]
    [InlineData("3.1.0.0", true)]
    [InlineData("2.2.0.0", false)]
    [InlineData("3.1.0", false)]
    [InlineData("3.1.x.0", false)]
    [InlineData("text", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Multiplexing_begins_above_3_0_196_0(string? agentVersion, bool expected) =>
        Assert.Equal(expected, VersionGate.AgentMultiplexes(agentVersion));

    [Theory]
    [InlineData("3.1.1476.0", false)]
    [InlineData("3.1.1511.0", false)]
    [InlineData("3.1.1600.0", true)]
    public void The_client_needs_no_keep_alive_above_3_1_1511_0(string agentVersion, bool expected) =>
        Assert.Equal(expected, VersionGate.AgentNeedsNoKeepAlive(agentVersion));

    [Theory]
    [InlineData("2.3.614.0", false)]
    [InlineData("2.3.722.0", false)]
    [InlineData("2.3.750.0", true)]
    public void The_terminate_flag_begins_above_2_3_722_0(string agentVersion, bool expected) =>
        Assert.Equal(expected, VersionGate.AgentTakesTerminateFlag(agentVersion));

    [Theory]
    [InlineData("0.0.1", false, false, false)]
    [InlineData("1.1.69", false, false, false)]
    [InlineData("1.1.70", true, false, false)]
    [InlineData("1.2.0.0", true, false, false)]
    [InlineData("1.2.295", true, false, false)]
    [InlineData("1.2.296", true, false, true)]
    [InlineData("1.2.331.0", true, false, true)]
    [InlineData("1.2.694.0", true, true, true)]
    [InlineData("", false, false, false)]
    [InlineData(null, false, false, false)]
    public void What_an_agent_thinks_of_a_client(
        string? clientVersion, bool multiplexes, bool needsNoKeepAlive, bool separatesOutput)
    {
        Assert.Equal(multiplexes, VersionGate.ClientMultiplexes(clientVersion));
        Assert.Equal(needsNoKeepAlive, VersionGate.ClientNeedsNoKeepAlive(clientVersion));
        Assert.Equal(separatesOutput, VersionGate.ClientSeparatesOutput(clientVersion));
    }
}

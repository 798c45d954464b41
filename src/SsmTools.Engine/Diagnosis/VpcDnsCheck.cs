namespace SsmTools.Engine.Diagnosis;

/// <summary>Names resolve in the VPC: all of them, and endpoints' private ones where the node depends on them.</summary>
internal sealed class VpcDnsCheck() : NetworkCheck(CheckId.VpcDns)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        string vpc = scene.Instance.Value!.VpcId!;
        if (Gap(scene.DnsSupport.Obstacle, scene.DnsHostnames.Obstacle) is { } gap)
        {
            return gap;
        }

        string[] evidence = [vpc, $"enableDnsSupport={scene.DnsSupport.Value}", $"enableDnsHostnames={scene.DnsHostnames.Value}"];
        if (!scene.DnsSupport.Value)
        {
            return Fail(new FindingCause.DnsSupportOff(vpc), $"DNS support is off in {vpc}, so no name resolves", evidence) with
            {
                Fix = "Switch DNS support on",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            };
        }

        bool depends = view.ReliesOnEndpoints && NetworkView.Services.Any(service => view.EndpointOf(service)?.PrivateDnsEnabled == true);
        return depends && !scene.DnsHostnames.Value
            ? Fail(
                new FindingCause.DnsHostnamesOff(vpc),
                $"DNS hostnames are off in {vpc}, so the private names of its endpoints do not resolve",
                evidence) with
            {
                Fix = "Switch DNS hostnames on",
                Command = $"Repair-SsmRegistration {scene.NodeId}",
            }
            : Pass($"names resolve in {vpc}", evidence);
    }
}

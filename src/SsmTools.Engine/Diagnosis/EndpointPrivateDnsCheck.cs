using SsmTools.Engine.Aws.Ec2;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The services' names lead to the endpoints that the node depends on.</summary>
internal sealed class EndpointPrivateDnsCheck() : NetworkCheck(CheckId.EndpointPrivateDns)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (scene.Endpoints.Obstacle is { } obstacle)
        {
            return view.DefaultWay == Way.Works ? null : Unknown(obstacle);
        }

        if (!view.ReliesOnEndpoints)
        {
            return Pass("the node does not depend on endpoints");
        }

        (string Service, VpcEndpoint Endpoint)[] taken = [.. view.EndpointsTaken];
        string[] evidence = [.. taken.Select(one => $"{one.Endpoint.VpcEndpointId} ({one.Service}): PrivateDnsEnabled={one.Endpoint.PrivateDnsEnabled}")];
        foreach ((string service, VpcEndpoint endpoint) in taken)
        {
            if (endpoint.PrivateDnsEnabled != true)
            {
                return Fail(
                    new FindingCause.PrivateDnsOff(endpoint.VpcEndpointId!, service),
                    $"private DNS is off at the endpoint {endpoint.VpcEndpointId}, so the name of {service} does not lead to it",
                    evidence) with
                {
                    Fix = "Switch private DNS on",
                    Command = $"Repair-SsmRegistration {scene.NodeId}",
                };
            }
        }

        return taken.Length == 0 ? null : Pass("the services' names lead to the endpoints", evidence);
    }
}

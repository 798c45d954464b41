using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>The endpoints' policies let the node do what an agent does.</summary>
internal sealed class EndpointPolicyCheck() : NetworkCheck(CheckId.EndpointPolicy)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (scene.Endpoints.Obstacle is { } obstacle)
        {
            return view.DefaultWay == Way.Works ? null : Unknown(obstacle);
        }

        List<string> evidence = [];
        string? role = scene.Role.Value?.Arn ?? scene.HostManagementRole.Value?.Arn;
        foreach ((string service, VpcEndpoint endpoint) in view.EndpointsTaken)
        {
            evidence.Add($"{endpoint.VpcEndpointId} ({service}): {(endpoint.PolicyDocument is null ? "no policy" : "a policy")}");
            if (endpoint.PolicyDocument is not { Length: > 0 } document)
            {
                continue;
            }

            PolicyText policy = new(endpoint.VpcEndpointId!, document);
            string[] denied = [.. AgentActions.Of(service).Where(action => !policy.Allows(action, role))];
            if (denied.Length > 0)
            {
                return Fail(
                    new FindingCause.EndpointPolicyDenies(endpoint.VpcEndpointId!, service, denied),
                    $"the policy of the endpoint {endpoint.VpcEndpointId} does not allow {string.Join(", ", denied)}",
                    [.. evidence, .. denied.Select(action => $"{endpoint.VpcEndpointId} does not allow {action}{(role is null ? "" : $" to {role}")}")]) with
                {
                    Fix = "Let the endpoint's policy allow these actions to the instance's role",
                    Command = $"aws ec2 modify-vpc-endpoint --region {scene.Region} --vpc-endpoint-id {endpoint.VpcEndpointId} --reset-policy",
                };
            }
        }

        return evidence.Count == 0 ? null : Pass("the endpoints' policies let agents through", [.. evidence]);
    }
}

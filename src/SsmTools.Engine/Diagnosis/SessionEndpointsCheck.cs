using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Diagnosis;

/// <summary>What sessions log to, or are encrypted with, can be reached: else the first prompt takes minutes, or never comes.</summary>
internal sealed class SessionEndpointsCheck() : NetworkCheck(CheckId.SessionEndpoints)
{
    /// <inheritdoc/>
    protected override Finding? Examine(Scene scene, NetworkView view)
    {
        if (Gap(scene.SessionNeeds.Obstacle) is { } gap)
        {
            return gap;
        }

        SessionNeeds needs = scene.SessionNeeds.Value ?? new SessionNeeds(null, null, null);
        (string Service, string What)[] wanted =
        [
            .. new[] { ("kms", needs.KmsKey), ("logs", needs.LogGroup), ("s3", needs.Bucket) }
                .Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!)),
        ];
        string[] evidence = [.. wanted.Select(pair => $"the session preferences name {pair.What} ({pair.Service})")];
        if (wanted.Length == 0)
        {
            return Pass("sessions are neither logged nor encrypted with a key of the account's");
        }

        if (view.DefaultWay == Way.Works)
        {
            return Pass("what sessions need is reached through the default route", [.. evidence, view.Describe()]);
        }

        if (Gap(scene.RouteTable.Obstacle, scene.Endpoints.Obstacle) is { } hidden)
        {
            return hidden;
        }

        string[] missing = [.. wanted.Select(pair => pair.Service).Where(service => !IsReached(scene, view, service))];
        return missing.Length == 0
            ? Pass("the VPC has endpoints for what sessions need", evidence)
            : Missing(scene, missing, [.. evidence, view.Describe(), .. missing.Select(service => $"{service}: no endpoint")]);
    }

    private static bool IsReached(Scene scene, NetworkView view, string service) =>
        (view.EndpointOf(service) is { } endpoint && NetworkView.IsAvailable(endpoint))
        || scene.Endpoints.Value!.Any(gateway => gateway.VpcEndpointType == VpcEndpointType.Gateway
            && view.Serves(gateway, service) && scene.RouteTable.Value?.RouteTableId is { } table && gateway.RouteTableIds.Contains(table));

    private Finding Missing(Scene scene, string[] missing, string[] evidence)
    {
        Instance instance = scene.Instance.Value!;
        string services = string.Join(" and ", missing);
        FindingCause cause = new FindingCause.SessionEndpointMissing(instance.VpcId!, instance.SubnetId ?? string.Empty, missing);
        return (missing.Contains("kms")
            ? Fail(cause, $"sessions are encrypted with a KMS key, and {instance.SubnetId} has no way to {services}: none starts", evidence)
            : Warn(cause, $"sessions are logged, and {instance.SubnetId} has no way to {services}: the prompt takes minutes to come", evidence)) with
        {
            Fix = $"Make endpoints for {services}",
            Command = $"New-SsmVpcEndpoint -SubnetId {instance.SubnetId} -Service {string.Join(", ", missing)}",
        };
    }
}

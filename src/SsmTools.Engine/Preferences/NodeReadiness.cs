using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Aws.Ssm;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;
using SsmTools.Engine.Registration;
using SsmTools.Engine.Survey;

namespace SsmTools.Engine.Preferences;

/// <summary>
/// Whether the account's nodes can do what preferences ask of them: their roles write there, their subnets reach there.
/// One node stands for all that share role and subnet; how it is, the doctor's reader and checks say.
/// </summary>
internal sealed class NodeReadiness(AwsContext aws)
{
    /// <summary>As many nodes as are looked at; more have their turn when the doctor is asked.</summary>
    internal const int MostNodes = 1000;

    /// <summary>What is in the way, a sentence each with the line that mends it.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(PreferenceDocument document, CancellationToken cancellationToken)
    {
        SessionNeeds needs = new(
            Some(document.Value(PreferenceInput.Group)), Some(document.Value(PreferenceInput.Bucket)), Some(document.Value(PreferenceInput.KmsKey)));
        if (needs is { LogGroup: null, Bucket: null, KmsKey: null })
        {
            return [];
        }

        try
        {
            List<string> nodes = await ListAsync(cancellationToken).ConfigureAwait(false);
            bool isCut = nodes.Count > MostNodes;
            List<NodeSnapshot> examples = await ChooseAsync(nodes.Take(MostNodes), cancellationToken).ConfigureAwait(false);
            IReadOnlyList<Scene> scenes = examples.Count == 0
                ? []
                : await new SceneReader(aws, aws.Time).ReadAsync(examples, cancellationToken).ConfigureAwait(false);
            SessionEndpointsCheck endpoints = new();
            string[] findings =
            [
                .. scenes.Select(scene => LackOf(scene, document, needs)).OfType<string>(),
                .. scenes.Select(scene => endpoints.Examine(scene with { SessionNeeds = needs })).OfType<Finding>().Select(Sentence).OfType<string>(),
                .. isCut ? [$"Only {MostNodes} nodes were looked at; Test-SsmRegistration -Detailed looks at any."] : Array.Empty<string>(),
            ];
            return [.. findings.Distinct()];
        }
        catch (EngineException e) when (e.Kind == ErrorKind.PermissionDenied)
        {
            return [$"Whether the nodes' roles and subnets allow it could not be checked. {e.Message}"];
        }
    }

    private static string? Some(string text) => text.Length == 0 ? null : text;

    private static string? Sentence(Finding finding) => finding.Status switch
    {
        FindingStatus.Fail or FindingStatus.Warn => $"{Capital(finding.Because)}. {finding.Fix}: {finding.Command}",
        FindingStatus.Unknown => $"Whether what sessions need can be reached could not be checked: {finding.Because}.",
        _ => null,
    };

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>What a node's role may not do.</summary>
    private string? LackOf(Scene scene, PreferenceDocument document, SessionNeeds needs)
    {
        RoleFacts? role = scene.Role.Value ?? scene.HostManagementRole.Value;
        if ((scene.Role.Obstacle ?? role?.Policies.Obstacle) is { } hidden)
        {
            return $"Whether the role of {scene.NodeId} allows it could not be checked: {hidden}.";
        }

        if (role?.Policies.Value is not { } policies)
        {
            return null;
        }

        string[] lacking = [.. SessionRights.Needed(needs, document, aws.Partition).Where(
            right => !policies.Any(policy => policy.AllowsOn(right.Action, right.Resource))
                || policies.Any(policy => policy.Denies(right.Action))).Select(right => right.Action).Distinct()];
        if (lacking.Length == 0)
        {
            return null;
        }

        string options = string.Concat(
            needs.Bucket is null ? "" : $" -LogBucket {PowerShellText.Argument(document.LogBucket)}",
            needs.LogGroup is null ? "" : $" -LogGroup {PowerShellText.Argument(needs.LogGroup)}",
            needs.KmsKey is null ? "" : $" -KmsKeyId {PowerShellText.Argument(needs.KmsKey)}");
        return $"The role {role.Name} may not {string.Join(", ", lacking)}, so sessions on its nodes are not logged"
            + $"{(lacking.Any(action => action == "kms:Decrypt") ? ", or do not start" : "")}. Let it: New-SsmInstanceRole {role.Name}{options}";
    }

    private async Task<List<string>> ListAsync(CancellationToken cancellationToken)
    {
        DescribeInstanceInformationRequest request = new()
        {
            Filters = [new InstanceInformationStringFilter { Key = "ResourceType", Values = ["EC2Instance"] }],
            MaxResults = NodeReader.PageSize,
        };
        List<string> ids = [];
        IAsyncEnumerable<InstanceInformation> nodes = ServiceCall.GuardAsync(
            aws.Ssm.DescribeInstanceInformationItemsAsync(request, cancellationToken), null, cancellationToken);
        await foreach (InstanceInformation node in nodes.ConfigureAwait(false))
        {
            ids.Add(node.InstanceId!);
            if (ids.Count > MostNodes)
            {
                break;
            }
        }

        return ids;
    }

    /// <summary>One node for each pair of profile and subnet.</summary>
    private async Task<List<NodeSnapshot>> ChooseAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        List<NodeSnapshot> examples = [];
        HashSet<(string?, string?)> seen = [];
        await foreach (NodeSnapshot node in new NodeReader(aws, aws.Time).ReadAsync(ids, cancellationToken).ConfigureAwait(false))
        {
            if (node.Instance is { State.Name: InstanceStateName.Running } instance
                && seen.Add((instance.IamInstanceProfile?.Arn, instance.SubnetId)))
            {
                examples.Add(node);
            }
        }

        return examples;
    }
}

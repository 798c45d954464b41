using SsmTools.Engine.Aws;
using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Diagnosis;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Repair;

/// <summary>Instances whose metadata are switched off: on again, all else as it was.</summary>
internal sealed class MetadataPart(AwsContext context) : RepairPart
{
    private readonly List<string> _ids = [];

    /// <inheritdoc/>
    public override bool Take(NodeDiagnosis node, Finding finding)
    {
        if (finding.Cause is FindingCause.MetadataDisabled disabled)
        {
            _ids.Add(disabled.InstanceId);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override Task PlanAsync(RepairDraft draft, CancellationToken cancellationToken)
    {
        foreach (string id in _ids)
        {
            draft.Change([id], $"instance {id}", "Switch the instance metadata on", token => ServiceCall.RunAsync(
                inner => context.Ec2.ModifyInstanceMetadataOptionsAsync(
                    new ModifyInstanceMetadataOptionsRequest { InstanceId = id, HttpEndpoint = "enabled" }, inner),
                id,
                token));
        }

        return Task.CompletedTask;
    }
}

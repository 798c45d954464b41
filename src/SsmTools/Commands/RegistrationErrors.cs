using System.Linq;
using System.Management.Automation;
using SsmTools.Output;

namespace SsmTools.Commands;

/// <summary>Errors of nodes that were waited for and did not register.</summary>
internal static class RegistrationErrors
{
    /// <summary>One that will not come any more is told of otherwise than one that did not come in time.</summary>
    internal static ErrorRecord Of(string instanceId, string? reason, bool timeIsOver) => ErrorRecords.Create(
        timeIsOver ? ErrorIds.RegistrationTimeout : ErrorIds.RegistrationImpossible,
        timeIsOver ? ErrorCategory.OperationTimeout : ErrorCategory.ResourceUnavailable,
        instanceId,
        instanceId,
        reason ?? "no reason is known");

    /// <summary>The same of a node that was examined: what mends the first failure is the advice.</summary>
    internal static ErrorRecord Of(SsmRegistration node, bool timeIsOver)
    {
        ErrorRecord record = Of(node.InstanceId, node.Reason, timeIsOver);
        if (node.Findings.FirstOrDefault(finding => finding.Status == "Fail") is { Fix: { } fix } failure)
        {
            record.ErrorDetails.RecommendedAction = failure.Command is null ? $"{fix}." : $"{fix}: {failure.Command}";
        }

        return record;
    }
}

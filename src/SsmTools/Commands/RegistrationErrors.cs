using System.Management.Automation;

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
}

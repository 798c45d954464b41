using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Automation;

/// <summary>Automation's errors.</summary>
internal static class AutomationErrors
{
    public static ServiceError NotFound(string id) =>
        new("AutomationExecutionNotFoundException", $"Automation execution {id} does not exist.");

    public static ServiceError NoDocument(string name) =>
        new("AutomationDefinitionNotFoundException", $"Automation document {name} cannot be found.");

    public static ServiceError NoVersion(string name, string version) =>
        new("AutomationDefinitionVersionNotFoundException", $"Automation document {name} has no version {version}.");

    public static ServiceError BadParameters(string message) => new("InvalidAutomationExecutionParametersException", message);

    public static ServiceError Full() => new(
        "AutomationExecutionLimitExceededException",
        "The number of simultaneously running Automation executions exceeded the allowable limit.");

    public static ServiceError Over(string id) => new(
        "InvalidAutomationStatusUpdateException", $"Automation execution {id} has ended: it cannot be stopped.");

    public static ServiceError OtherRequest() => new(
        "IdempotentParameterMismatch", "The client token was used before with other parameters.");
}

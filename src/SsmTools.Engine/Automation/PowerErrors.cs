using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;

namespace SsmTools.Engine.Automation;

/// <summary>Why an instance is not started or stopped.</summary>
internal static class PowerErrors
{
    /// <summary>It is no instance.</summary>
    public static EngineException Hybrid(string id, string verb) => new(
        "NotAnInstance",
        ErrorKind.InvalidOperation,
        $"{id} is a machine outside EC2: AWS cannot {verb} it.",
        verb == "stop" ? $"Shut it down from within: Invoke-SsmCommand {id} 'shutdown -h now'" : "Switch it on where it stands.",
        id);

    /// <summary>It is gone.</summary>
    public static EngineException Gone(Instance instance, string? state, string verb) => new(
        "InstanceTerminated",
        ErrorKind.InvalidOperation,
        $"Instance {InstanceReader.Label(instance)} is {state}: there is nothing left to {verb}.",
        "Launch another one: New-SsmInstance.",
        instance.InstanceId);

    /// <summary>It is on its way to the other state.</summary>
    public static EngineException Busy(Instance instance, string verb) => new(
        "InstanceBusy",
        ErrorKind.ResourceBusy,
        $"Instance {InstanceReader.Label(instance)} is {instance.State?.Name} and cannot be asked to {verb} before it is done.",
        "Wait a minute, then run the command again.",
        instance.InstanceId);

    /// <summary>No instance has the tags.</summary>
    public static EngineException NobodyTagged(string tags, string region) => new(
        "NoInstanceTagged",
        ErrorKind.ObjectNotFound,
        $"No instance in {region} has {tags}.",
        "Check the tag (its case counts) and the region; Get-SsmInstance | Select-Object InstanceId, Tags shows what there is.",
        tags);

    /// <summary>There is no such role.</summary>
    public static EngineException NoRole(string name) => new(
        "AutomationRoleNotFound",
        ErrorKind.ObjectNotFound,
        $"There is no role {name} for Automation to take.",
        "Give the name or ARN of a role that trusts ssm.amazonaws.com, or leave it out to use your own rights.",
        name);

    /// <summary>Automation cannot take the role.</summary>
    public static EngineException RoleUnusable(string role, Exception inner) => new(
        "AutomationRoleUnusable",
        ErrorKind.InvalidOperation,
        $"Automation cannot take the role {role}.",
        "Its trust policy must name ssm.amazonaws.com, and you need iam:PassRole on it.",
        role,
        inner);

    /// <summary>Automation tried, in vain.</summary>
    public static EngineException Failed(string label, string id, string verb, string? why) => new(
        "PowerChangeFailed",
        ErrorKind.InvalidOperation,
        $"AWS could not {verb} instance {label}: {why ?? "Automation does not say why"}",
        "The run's steps say more: Systems Manager, Automation, or Get-SSMAutomationExecution.",
        id);

    /// <summary>Its turn never came.</summary>
    public static EngineException NotStarted(string label, string id, string verb, string status) => new(
        "PowerChangeNotStarted",
        ErrorKind.InvalidOperation,
        $"Instance {label} was not asked to {verb}: the run had ended before ({status}).",
        "See to those that failed, or let more of them fail (-MaxErrors), and run the command again.",
        id);

    /// <summary>The wait was over before.</summary>
    public static EngineException TimedOut(string label, string id, string verb, string state) => new(
        "PowerChangeTimeout",
        ErrorKind.OperationTimeout,
        $"Instance {label} is still {state}: it did not {verb} in time.",
        "The run goes on. Look again with Get-SsmInstance, or give it longer (-Timeout).",
        id);
}

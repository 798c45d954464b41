using System.Text.Json.Nodes;
using SsmTools.Sandbox.Ec2;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Automation;

/// <summary>The action aws:changeInstanceState: it asks EC2 with the run's rights, and looks until all are there.</summary>
/// <remarks>Source: Systems Manager User Guide, "aws:changeInstanceState – Change or assert instance state".</remarks>
internal static class InstanceStateStep
{
    /// <summary>Asks EC2 for the state.</summary>
    /// <exception cref="ServiceError">EC2 refuses.</exception>
    public static void Begin(SandboxWorld world, Principal actor, AutomationStep step)
    {
        if (step.Inputs["CheckStateOnly"]?.GetValue<bool>() == true || IsDone(world, actor, step))
        {
            return;
        }

        foreach (string id in Ids(step))
        {
            PolicyQuestion question = new($"ec2:{Operation(step)}", $"arn:aws:ec2:{world.Region}:{world.AccountId}:instance/{id}");
            Authorizer.Check(
                world, actor, question.WithTags(world.Instances.GetValueOrDefault(id)?.Tags ?? []), WireProtocol.Ec2);
        }

        ApiCall call = new(world, actor, new JsonObject { ["InstanceIds"] = Ids(step).ToJson() }, world.Ids.Uuid());
        _ = Wanted(step) == InstanceState.Running ? InstanceStateOperations.Start(call) : InstanceStateOperations.Stop(call);
    }

    /// <summary>Whether every instance is in the state.</summary>
    /// <exception cref="ServiceError">One does not exist, or nobody may look.</exception>
    public static bool IsDone(SandboxWorld world, Principal actor, AutomationStep step)
    {
        Authorizer.Check(world, actor, "ec2:DescribeInstanceStatus", WireProtocol.Ec2, "*");
        return Ids(step).All(id => Ec2Kind.Instance.Find(world.Instances, id).State == Wanted(step));
    }

    /// <summary>How a step says that EC2 refused.</summary>
    public static string Refusal(AutomationStep step, ServiceError e) =>
        $"Step fails when it is Execute/Cancelling action. An error occurred ({e.Code}) when calling the {Operation(step)} operation: "
        + $"{e.Message}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.";

    private static string Operation(AutomationStep step) =>
        Wanted(step) == InstanceState.Running ? "StartInstances" : "StopInstances";

    private static IReadOnlyList<string> Ids(AutomationStep step) => step.Inputs.Texts("InstanceIds");

    private static InstanceState Wanted(AutomationStep step) =>
        step.Inputs.Text("DesiredState") == "running" ? InstanceState.Running : InstanceState.Stopped;
}

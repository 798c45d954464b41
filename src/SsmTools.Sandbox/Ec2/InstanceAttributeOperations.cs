using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Single attributes of an instance.</summary>
internal static class InstanceAttributeOperations
{
    public static JsonObject Describe(ApiCall call)
    {
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        JsonObject answer = new() { ["InstanceId"] = instance.Id };
        switch (call.Required("Attribute"))
        {
            case "userData":
                answer["UserData"] = instance.UserData is null ? new JsonObject() : Value(instance.UserData);
                break;
            case "instanceType":
                answer["InstanceType"] = Value(instance.Type.Name);
                break;
            case "disableApiTermination":
                answer["DisableApiTermination"] = Value(instance.TerminationProtected);
                break;
            case "groupSet":
                answer["Groups"] = InstanceShapes.Groups(call.World, instance.NetworkInterface.GroupIds);
                break;
            case "rootDeviceName":
                answer["RootDeviceName"] = Value(instance.Image.RootDevice);
                break;
            case "instanceInitiatedShutdownBehavior":
                answer["InstanceInitiatedShutdownBehavior"] = Value("stop");
                break;
            case string other:
                throw Ec2Errors.InvalidValue(other, "attribute", "Unknown or unsupported attribute.");
        }

        return answer;
    }

    public static JsonObject Modify(ApiCall call)
    {
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        if (call.Input.Texts("Groups") is { Count: > 0 } groups)
        {
            foreach (string id in groups)
            {
                SecurityGroupRecord group = Ec2Kind.SecurityGroup.Find(call.World.SecurityGroups, id);
                if (group.Vpc != instance.Subnet.Vpc)
                {
                    throw new ServiceError(
                        "InvalidParameter", $"Security group {id} and subnet {instance.Subnet.Id} belong to different networks.");
                }
            }

            instance.NetworkInterface.GroupIds.Clear();
            instance.NetworkInterface.GroupIds.AddRange(groups.Distinct());
        }

        if (call.Input.Part("DisableApiTermination").Flag("Value") is bool isProtected)
        {
            instance.TerminationProtected = isProtected;
        }

        if (call.Input.Part("InstanceType").Text("Value") is string typeName)
        {
            InstanceTypeRecord type = call.World.InstanceTypes.GetValueOrDefault(typeName)
                ?? throw Ec2Errors.InvalidValue($"Invalid value '{typeName}' for InstanceType.");
            RequireStopped(instance, "instanceType");
            instance.Type = type;
        }

        if (call.Input.Part("UserData").Text("Value") is string userData)
        {
            RequireStopped(instance, "userData");
            instance.UserData = userData;
        }

        return [];
    }

    private static void RequireStopped(InstanceRecord instance, string attribute)
    {
        if (instance.State != InstanceState.Stopped)
        {
            throw new ServiceError(
                "IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state, in which {attribute} can be changed.");
        }
    }

    private static JsonObject Value(JsonNode value) => new() { ["Value"] = value };
}

using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Giving running instances a profile, another one, or none.</summary>
internal static class ProfileAssociationOperations
{
    public static JsonObject Associate(ApiCall call)
    {
        ProfileAssociation association = ProfileLookup.Read(call) ?? throw Ec2Errors.Missing("iamInstanceProfile");
        InstanceRecord instance = Ec2Kind.Instance.Find(call.World.Instances, call.Required("InstanceId"));
        if (instance.State is not (InstanceState.Pending or InstanceState.Running or InstanceState.Stopping or InstanceState.Stopped))
        {
            throw new ServiceError("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'running' or 'stopped' states.");
        }

        if (instance.Profile is not null)
        {
            throw new ServiceError("IncorrectState", $"There is an existing association for instance {instance.Id}");
        }

        instance.Profile = association;
        return Answer(instance, association, "associating");
    }

    public static JsonObject Replace(ApiCall call)
    {
        ProfileAssociation association = ProfileLookup.Read(call) ?? throw Ec2Errors.Missing("iamInstanceProfile");
        InstanceRecord instance = Find(call);
        instance.Profile = association;
        return Answer(instance, association, "associating");
    }

    public static JsonObject Disassociate(ApiCall call)
    {
        InstanceRecord instance = Find(call);
        ProfileAssociation association = instance.Profile!;
        instance.Profile = null;
        return Answer(instance, association, "disassociating");
    }

    public static JsonObject Describe(ApiCall call)
    {
        IEnumerable<InstanceRecord> holders = call.World.Instances.Values.Where(instance => instance.Profile is not null);
        if (call.Input.Texts("AssociationIds") is { Count: > 0 } ids)
        {
            foreach (string id in ids)
            {
                Ec2Kind.ProfileAssociation.Check(id);
            }

            holders = holders.Where(instance => ids.Contains(instance.Profile!.AssociationId));
        }

        holders = Ec2Filters.Apply(
            holders, call.Input, "Filters",
            (instance, name) => name switch
            {
                "instance-id" => [instance.Id],
                "state" => [State(call.World, instance)],
                _ => null,
            },
            _ => null);
        (IReadOnlyList<InstanceRecord> page, string? next) = Ec2Listing.Page(
            call, "DescribeIamInstanceProfileAssociations", holders, instance => Paging.Key(instance.Sequence));
        return new JsonObject
        {
            ["IamInstanceProfileAssociations"] = page.ToJson(instance => Shape(instance, instance.Profile!, State(call.World, instance))),
            ["NextToken"] = next,
        };
    }

    private static string State(SandboxWorld world, InstanceRecord instance)
    {
        return world.Now - instance.Profile!.Since < world.Options.StateDelay ? "associating" : "associated";
    }

    private static InstanceRecord Find(ApiCall call)
    {
        string id = call.Required("AssociationId");
        return call.World.Instances.Values.FirstOrDefault(instance => instance.Profile?.AssociationId == id)
            ?? throw Ec2Kind.ProfileAssociation.NotFound(id);
    }

    private static JsonObject Shape(InstanceRecord instance, ProfileAssociation association, string state) => new()
    {
        ["AssociationId"] = association.AssociationId,
        ["InstanceId"] = instance.Id,
        ["IamInstanceProfile"] = new JsonObject { ["Arn"] = association.Arn, ["Id"] = association.ProfileId },
        ["State"] = state,
        ["Timestamp"] = association.Since,
    };

    private static JsonObject Answer(InstanceRecord instance, ProfileAssociation association, string state)
    {
        return new JsonObject { ["IamInstanceProfileAssociation"] = Shape(instance, association, state) };
    }
}

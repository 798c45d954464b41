using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Finds the instance profile that a call names, as EC2 sees it: a young one it does not see.</summary>
internal static class ProfileLookup
{
    /// <summary>The profile's association for a new or running instance; null when none is named.</summary>
    public static ProfileAssociation? Read(ApiCall call)
    {
        SandboxWorld world = call.World;
        JsonObject named = call.Input.Part("IamInstanceProfile");
        (string? name, string? arn) = (named.Text("Name"), named.Text("Arn"));
        if (name is null && arn is null)
        {
            return null;
        }

        if (name is not null && arn is not null)
        {
            throw Ec2Errors.Combination("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
        }

        InstanceProfileRecord? profile = world.Profiles.Values.FirstOrDefault(one => name is not null ? one.Name == name : one.Arn == arn);
        if (profile is null || world.Now - profile.Created < world.Options.ProfileDelay)
        {
            throw name is not null
                ? Ec2Errors.InvalidValue(name, "iamInstanceProfile.name", "Invalid IAM Instance Profile name")
                : Ec2Errors.InvalidValue(arn!, "iamInstanceProfile.arn", "Invalid IAM Instance Profile ARN");
        }

        return profile.RoleName is null
            ? throw Ec2Errors.InvalidValue($"IAM Instance Profile \"{profile.Arn}\" has no associated IAM Roles")
            : new ProfileAssociation(world.Ids.Ec2("iip-assoc"), profile.Arn, profile.Id, profile.Name, world.Now);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Iam;

/// <summary>IAM's answers.</summary>
internal static class IamShapes
{
    /// <summary>A role; listings leave tags and boundary out.</summary>
    public static JsonObject Of(RoleRecord role, bool full)
    {
        JsonObject shape = new()
        {
            ["Path"] = role.Path,
            ["RoleName"] = role.Name,
            ["RoleId"] = role.Id,
            ["Arn"] = role.Arn,
            ["CreateDate"] = role.Created,
            ["AssumeRolePolicyDocument"] = Document(role.TrustPolicy),
            ["Description"] = role.Description,
        };
        if (full)
        {
            shape["MaxSessionDuration"] = role.MaxSessionSeconds;
            shape["Tags"] = role.Tags.Count > 0 ? role.Tags.ToJson() : null;
            shape["RoleLastUsed"] = new JsonObject();
            shape["PermissionsBoundary"] = role.PermissionsBoundaryArn is string boundary
                ? new JsonObject { ["PermissionsBoundaryType"] = "Policy", ["PermissionsBoundaryArn"] = boundary }
                : null;
        }

        return shape;
    }

    public static JsonObject Of(InstanceProfileRecord profile, SandboxWorld world, bool full)
    {
        IEnumerable<RoleRecord> roles = profile.RoleName is string name && world.Roles.TryGetValue(name, out RoleRecord? role) ? [role] : [];
        return new JsonObject
        {
            ["Path"] = profile.Path,
            ["InstanceProfileName"] = profile.Name,
            ["InstanceProfileId"] = profile.Id,
            ["Arn"] = profile.Arn,
            ["CreateDate"] = profile.Created,
            ["Roles"] = roles.ToJson(one => Of(one, full: false)),
            ["Tags"] = full && profile.Tags.Count > 0 ? profile.Tags.ToJson() : null,
        };
    }

    public static JsonObject Of(UserRecord user) => new()
    {
        ["Path"] = user.Path,
        ["UserName"] = user.Name,
        ["UserId"] = user.Id,
        ["Arn"] = user.Arn,
        ["CreateDate"] = user.Created,
        ["Tags"] = user.Tags.Count > 0 ? user.Tags.ToJson() : null,
    };

    public static JsonObject Of(GroupRecord group) => new()
    {
        ["Path"] = group.Path,
        ["GroupName"] = group.Name,
        ["GroupId"] = group.Id,
        ["Arn"] = group.Arn,
        ["CreateDate"] = group.Created,
    };

    public static JsonObject Of(PolicyRecord policy, SandboxWorld world, bool full)
    {
        return new JsonObject
        {
            ["PolicyName"] = policy.Name,
            ["PolicyId"] = policy.Id,
            ["Arn"] = policy.Arn,
            ["Path"] = policy.Path,
            ["DefaultVersionId"] = Version(policy.DefaultVersion),
            ["AttachmentCount"] = PolicyAttachments.Holders(world, policy).Count(),
            ["PermissionsBoundaryUsageCount"] = world.Roles.Values.Count(role => role.PermissionsBoundaryArn == policy.Arn),
            ["IsAttachable"] = true,
            ["Description"] = full ? policy.Description : null,
            ["Tags"] = full && policy.Tags.Count > 0 ? policy.Tags.ToJson() : null,
            ["CreateDate"] = policy.Created,
            ["UpdateDate"] = policy.Created,
        };
    }

    public static string Version(int number) => string.Create(CultureInfo.InvariantCulture, $"v{number}");

    /// <summary>A document as IAM gives it back: percent-encoded, spaces too.</summary>
    public static string Document(string json) => Uri.EscapeDataString(json);

    /// <summary>A page of a listing with IAM's marks of truncation.</summary>
    public static JsonObject Listing<T>(
        ApiCall call, string member, IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode?> convert)
    {
        (IReadOnlyList<T> page, string? next) = Paging.Page(
            items, key, member, call.Input.Int("MaxItems") ?? 100, call.Text("Marker"), IamErrors.BadMarker);
        return new JsonObject { [member] = page.ToJson(convert), ["IsTruncated"] = next is not null, ["Marker"] = next };
    }
}

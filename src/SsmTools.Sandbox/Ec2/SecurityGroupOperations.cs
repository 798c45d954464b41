using System.Text.Json.Nodes;
using SsmTools.Sandbox.Wire;
using SsmTools.Sandbox.World;

namespace SsmTools.Sandbox.Ec2;

/// <summary>Security groups.</summary>
internal static class SecurityGroupOperations
{
    public static JsonObject Create(ApiCall call)
    {
        string name = call.Required("GroupName");
        string vpcId = call.Text("VpcId") ?? throw new ServiceError("VPCIdNotSpecified", "No default VPC for this user");
        VpcRecord vpc = Ec2Kind.Vpc.Find(call.World.Vpcs, vpcId);
        if (name.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
        {
            throw Ec2Errors.InvalidValue(name, "GroupName", "Group names may not be in the format sg-*.");
        }

        if (name.Length is 0 or > 255)
        {
            throw Ec2Errors.InvalidValue(name, "GroupName", "Character sets beyond ASCII are not supported, and the length is 1 to 255.");
        }

        if (call.World.SecurityGroups.Values.Any(group => group.Vpc == vpc && group.Name == name))
        {
            throw new ServiceError("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpcId}'");
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = Ec2Tags.Specified(call, "security-group");
        SecurityGroupRecord created = new NetworkFactory(call.World).SecurityGroup(vpc, name, call.Required("Description"));
        Ec2Tags.Set(created, tags);
        return new JsonObject
        {
            ["GroupId"] = created.Id,
            ["SecurityGroupArn"] = Arn(call.World, created),
            ["Tags"] = NetworkListing.Tags(created),
        };
    }

    public static JsonObject Delete(ApiCall call)
    {
        SecurityGroupRecord group = Find(call);
        if (group.Name == "default")
        {
            throw new ServiceError("CannotDelete", $"the specified group: \"{group.Id}\" name: \"default\" cannot be deleted by a user");
        }

        call.World.EndpointStates.Settle();
        bool used = call.World.Interfaces.Values.Any(card => card.GroupIds.Contains(group.Id))
            || call.World.SecurityGroups.Values.Any(other => other != group && other.Rules.Exists(rule => rule.GroupId == group.Id));
        if (used)
        {
            throw Ec2Errors.Dependency(group.Id);
        }

        call.World.SecurityGroups.Remove(group.Id);
        return new JsonObject { ["Return"] = true, ["GroupId"] = group.Id };
    }

    public static JsonObject Authorize(ApiCall call, bool egress)
    {
        SecurityGroupRecord group = Find(call);
        List<SecurityRule> rules = SecurityRules.Read(call, group, egress);
        if (rules.Find(rule => group.Rules.Exists(rule.Same)) is SecurityRule twice)
        {
            string peer = twice.Cidr ?? twice.Cidr6 ?? twice.GroupId ?? twice.PrefixListId ?? "";
            string what = twice.Protocol == "-1"
                ? "ALL"
                : $"{twice.Protocol.ToUpperInvariant()}, from port: {twice.FromPort}, to port: {twice.ToPort}";
            throw new ServiceError("InvalidPermission.Duplicate", $"the specified rule \"peer: {peer}, {what}, ALLOW\" already exists");
        }

        group.Rules.AddRange(rules);
        return new JsonObject
        {
            ["Return"] = true,
            ["SecurityGroupRules"] = rules.ToJson(rule => SecurityRules.Shape(call.World, group, rule)),
        };
    }

    public static JsonObject Revoke(ApiCall call, bool egress)
    {
        SecurityGroupRecord group = Find(call);
        List<SecurityRule> gone = [];
        foreach (string id in call.Input.Texts("SecurityGroupRuleIds"))
        {
            gone.Add(group.Rules.Find(rule => rule.RuleId == id && rule.Egress == egress) ?? throw Ec2Kind.SecurityGroupRule.NotFound(id));
        }

        if (gone.Count == 0)
        {
            foreach (SecurityRule named in SecurityRules.Read(call, group, egress))
            {
                gone.Add(group.Rules.Find(named.Same)
                    ?? throw new ServiceError("InvalidPermission.NotFound", "The specified rule does not exist in this security group."));
            }
        }

        gone.ForEach(rule => group.Rules.Remove(rule));
        return new JsonObject { ["Return"] = true };
    }

    public static JsonObject Describe(ApiCall call)
    {
        IReadOnlyList<string> names = call.Input.Texts("GroupNames");
        Dictionary<string, SecurityGroupRecord> groups = call.World.SecurityGroups;
        if (names.FirstOrDefault(name => groups.Values.All(group => group.Name != name)) is string unknown)
        {
            throw new ServiceError("InvalidGroup.NotFound", $"The security group '{unknown}' does not exist");
        }

        return Ec2Listing.Describe(
            call, "SecurityGroups", Ec2Kind.SecurityGroup, "GroupIds",
            names.Count == 0 ? groups : groups.Where(pair => names.Contains(pair.Value.Name)).ToDictionary(),
            (group, name) => Field(call.World, group, name),
            group => Shape(call.World, group));
    }

    public static JsonObject DescribeRules(ApiCall call)
    {
        IReadOnlyList<string> ids = call.Input.Texts("SecurityGroupRuleIds");
        IEnumerable<(SecurityGroupRecord Group, SecurityRule Rule)> rules = call.World.SecurityGroups.Values
            .SelectMany(group => group.Rules, (group, rule) => (group, rule))
            .Where(pair => ids.Count == 0 || ids.Contains(pair.rule.RuleId));
        rules = Ec2Filters.Apply(
            rules, call.Input, "Filters",
            static (pair, name) => name switch
            {
                "group-id" => [pair.Group.Id],
                "security-group-rule-id" => [pair.Rule.RuleId],
                _ => null,
            },
            _ => null);
        (IReadOnlyList<(SecurityGroupRecord Group, SecurityRule Rule)> page, string? next) = Ec2Listing.Page(
            call, "DescribeSecurityGroupRules", rules, pair => pair.Rule.RuleId);
        return new JsonObject
        {
            ["SecurityGroupRules"] = page.ToJson(pair => SecurityRules.Shape(call.World, pair.Group, pair.Rule)),
            ["NextToken"] = next,
        };
    }

    private static string?[]? Field(SandboxWorld world, SecurityGroupRecord group, string name) => name switch
    {
        "group-id" => [group.Id],
        "group-name" => [group.Name],
        "description" => [group.Description],
        "vpc-id" => [group.Vpc.Id],
        "owner-id" => [world.AccountId],
        "ip-permission.cidr" => [.. group.Rules.Where(rule => !rule.Egress).Select(rule => rule.Cidr)],
        "ip-permission.group-id" => [.. group.Rules.Where(rule => !rule.Egress).Select(rule => rule.GroupId)],
        "ip-permission.protocol" => [.. group.Rules.Where(rule => !rule.Egress).Select(rule => rule.Protocol)],
        "egress.ip-permission.cidr" => [.. group.Rules.Where(rule => rule.Egress).Select(rule => rule.Cidr)],
        "egress.ip-permission.protocol" => [.. group.Rules.Where(rule => rule.Egress).Select(rule => rule.Protocol)],
        _ => null,
    };

    private static SecurityGroupRecord Find(ApiCall call)
    {
        if (call.Text("GroupId") is string id)
        {
            return Ec2Kind.SecurityGroup.Find(call.World.SecurityGroups, id);
        }

        // Names alone only work in a default VPC, of which there is none.
        throw call.Text("GroupName") is string name
            ? new ServiceError("InvalidGroup.NotFound", $"The security group '{name}' does not exist in default VPC")
            : Ec2Errors.Missing("GroupId");
    }

    private static string Arn(SandboxWorld world, SecurityGroupRecord group)
    {
        return $"arn:aws:ec2:{world.Region}:{world.AccountId}:security-group/{group.Id}";
    }

    private static JsonObject Shape(SandboxWorld world, SecurityGroupRecord group) => new()
    {
        ["GroupId"] = group.Id,
        ["GroupName"] = group.Name,
        ["Description"] = group.Description,
        ["OwnerId"] = world.AccountId,
        ["SecurityGroupArn"] = Arn(world, group),
        ["VpcId"] = group.Vpc.Id,
        ["IpPermissions"] = SecurityRules.Permissions(world, group.Rules.Where(rule => !rule.Egress)),
        ["IpPermissionsEgress"] = SecurityRules.Permissions(world, group.Rules.Where(rule => rule.Egress)),
        ["Tags"] = NetworkListing.Tags(group),
    };
}

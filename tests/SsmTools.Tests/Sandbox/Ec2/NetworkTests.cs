using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ec2;

public sealed class NetworkTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void The_network_that_was_there_from_the_start_is_the_recipes()
    {
        NetworkSeed seed = _account.World.Seed;
        Assert.Equal("true", Call("DescribeVpcAttribute", "VpcId", seed.Vpc.Id, "Attribute", "enableDnsHostnames").Ok().Value("value"));
        Assert.Equal(
            ["com.amazonaws.eu-west-1.ssm", "com.amazonaws.eu-west-1.ssmmessages", "com.amazonaws.eu-west-1.ec2messages"],
            Call("DescribeVpcEndpoints", "Filter.1.Name", "vpc-endpoint-state", "Filter.1.Value.1", "available").Ok().Values("serviceName"));
        ApiReply group = Call("DescribeSecurityGroups", "GroupId.1", seed.InstanceGroup.Id).Ok();
        Assert.Equal("0.0.0.0/0", group.Value("cidrIp"));
        Assert.DoesNotContain(seed.InstanceGroup.Rules, rule => !rule.Egress);
        Assert.Single(Routes(seed.Isolated[0]));
        Assert.Single(Routes(seed.Dead[0]));
        Assert.Contains(Routes(seed.Private[0]), target => target.StartsWith("nat-", StringComparison.Ordinal));
    }

    [Fact]
    public void Rules_of_a_group_come_and_go()
    {
        string group = Call("CreateSecurityGroup", "GroupName", "g", "GroupDescription", "d", "VpcId", _account.World.Seed.Vpc.Id).Ok().Value("groupId");
        string[] rule =
        [
            "GroupId", group, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", "443", "IpPermissions.1.ToPort", "443",
            "IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8",
        ];
        Call("AuthorizeSecurityGroupIngress", rule).Ok();
        Call("AuthorizeSecurityGroupIngress", rule).Refused("InvalidPermission.Duplicate");
        Call("RevokeSecurityGroupIngress", rule).Ok();
        Call("RevokeSecurityGroupIngress", rule).Refused("InvalidPermission.NotFound");
        rule[^1] = "10.0.0.0/40";
        Call("AuthorizeSecurityGroupIngress", rule).Refused("InvalidParameterValue");
        Call("CreateSecurityGroup", "GroupName", "g", "GroupDescription", "d", "VpcId", _account.World.Seed.Vpc.Id).Refused("InvalidGroup.Duplicate");
        Call("DeleteSecurityGroup", "GroupId", group).Ok();
        Call("DeleteSecurityGroup", "GroupId", _account.World.Seed.EndpointGroup.Id).Refused("DependencyViolation");
    }

    [Fact]
    public void Rules_of_a_network_acl_come_and_go()
    {
        string acl = _account.World.NetworkAcls.Values.Single().Id;
        string[] rule =
        [
            "NetworkAclId", acl, "Egress", "false", "RuleNumber", "40", "Protocol", "6", "RuleAction", "allow",
            "CidrBlock", "10.1.2.3/24", "PortRange.From", "32768", "PortRange.To", "60999",
        ];
        Call("CreateNetworkAclEntry", rule).Ok();
        Assert.Contains("10.1.2.0/24", Call("DescribeNetworkAcls").Ok().Values("cidrBlock"));
        Call("CreateNetworkAclEntry", rule).Refused("NetworkAclEntryAlreadyExists");
        rule[3] = "true";
        Call("CreateNetworkAclEntry", rule).Ok();
        rule[5] = "32767";
        Call("CreateNetworkAclEntry", rule).Refused("InvalidParameterValue");
        rule[5] = "41";
        Call("CreateNetworkAclEntry", rule[..^4]).Refused("MissingParameter");
        Call("DeleteNetworkAclEntry", rule[..6]).Refused("InvalidNetworkAclEntry.NotFound");
        rule[5] = "40";
        Call("DeleteNetworkAclEntry", rule[..6]).Ok();
        rule[1] = "acl-0123456789abcdef0";
        Call("CreateNetworkAclEntry", rule).Refused("InvalidNetworkAclID.NotFound");
    }

    [Fact]
    public void A_network_acl_takes_twenty_rules_each_way()
    {
        string acl = _account.World.NetworkAcls.Values.Single().Id;
        for (int number = 1; number < 20; number++)
        {
            Add(number).Ok();
        }

        Add(20).Refused("NetworkAclEntryLimitExceeded");

        ApiReply Add(int number) => Call(
            "CreateNetworkAclEntry", "NetworkAclId", acl, "Egress", "true", "RuleNumber", $"{number}", "Protocol", "-1",
            "RuleAction", "allow", "CidrBlock", "10.1.2.0/24");
    }

    [Fact]
    public void A_network_can_be_built_from_nothing_and_an_instance_in_it_registers()
    {
        string vpc = Call("CreateVpc", "CidrBlock", "10.20.0.0/23").Ok().Value("vpcId");
        Call("ModifyVpcAttribute", "VpcId", vpc, "EnableDnsHostnames.Value", "true").Ok();
        string subnet = Call("CreateSubnet", "VpcId", vpc, "CidrBlock", "10.20.0.0/24").Ok().Value("subnetId");
        string group = Call("CreateSecurityGroup", "GroupName", "g", "GroupDescription", "d", "VpcId", vpc).Ok().Value("groupId");
        InstanceRecord instance = _account.RunningInstance("web", "SubnetId", subnet, "SecurityGroupId.1", group);
        Assert.Equal(2, RegistrationRules.Evaluate(_account.World, instance).Count);
        Call("AuthorizeSecurityGroupIngress", "GroupId", group, "IpPermissions.1.IpProtocol", "-1", "IpPermissions.1.Groups.1.GroupId", group).Ok();
        foreach (string service in new[] { "ssm", "ssmmessages" })
        {
            Call(
                "CreateVpcEndpoint", "VpcId", vpc, "ServiceName", $"com.amazonaws.eu-west-1.{service}", "VpcEndpointType", "Interface",
                "SubnetId.1", subnet, "SecurityGroupId.1", group).Ok();
        }

        Assert.Equal(2, RegistrationRules.Evaluate(_account.World, instance).Count);
        _account.Clock.Advance(_account.World.Options.EndpointDelay);
        Assert.Empty(RegistrationRules.Evaluate(_account.World, instance));
    }

    [Fact]
    public void Endpoints_with_private_dns_need_names_and_there_is_one_for_a_service()
    {
        string vpc = Call("CreateVpc", "CidrBlock", "10.20.0.0/23").Ok().Value("vpcId");
        string[] endpoint = ["ServiceName", "com.amazonaws.eu-west-1.ssm", "VpcEndpointType", "Interface"];
        Call("CreateVpcEndpoint", ["VpcId", vpc, .. endpoint]).Refused("InvalidParameter");
        Call("CreateVpcEndpoint", ["VpcId", _account.World.Seed.Vpc.Id, .. endpoint]).Refused("InvalidParameter");
        Call("CreateVpcEndpoint", "VpcId", vpc, "ServiceName", "com.amazonaws.eu-west-1.nonsense").Refused("InvalidServiceName");
    }

    [Theory]
    [InlineData("10.20.0.0/8", "InvalidVpc.Range")]
    [InlineData("10.20.0.0/29", "InvalidVpc.Range")]
    [InlineData("10.20.0.0/33", "InvalidParameterValue")]
    [InlineData("::/20", "InvalidParameterValue")]
    [InlineData("nonsense", "InvalidParameterValue")]
    public void Networks_of_impossible_sizes_are_refused(string cidr, string code)
    {
        Call("CreateVpc", "CidrBlock", cidr).Refused(code);
    }

    [Fact]
    public void Bits_behind_the_prefix_are_cleared()
    {
        Assert.Equal("10.20.64.0/18", Call("CreateVpc", "CidrBlock", "10.20.68.18/18").Ok().Value("cidrBlock"));
    }

    [Fact]
    public void Images_and_types_are_found_by_what_they_are()
    {
        ApiReply images = Call("DescribeImages", "Owner.1", "amazon", "Filter.1.Name", "name", "Filter.1.Value.1", "al2023-ami-2023*", "Filter.2.Name", "architecture", "Filter.2.Value.1", "arm64").Ok();
        Assert.Single(images.Values("imageId"));
        ApiReply types = Call("DescribeInstanceTypes", "InstanceType.1", "t4g.nano", "InstanceType.2", "t3.nano").Ok();
        Assert.Equal(["x86_64", "arm64"], types.Xml.Descendants().Where(one => one.Name.LocalName == "supportedArchitectures").Select(one => one.Value));
        Call("DescribeInstanceTypes", "InstanceType.1", "t9.nano").Refused("InvalidInstanceType");
    }

    private ApiReply Call(string action, params string[] parameters) => _account.Query("ec2", action, parameters);

    private IReadOnlyList<string> Routes(SubnetRecord subnet)
    {
        ApiReply reply = Call("DescribeRouteTables", "Filter.1.Name", "association.subnet-id", "Filter.1.Value.1", subnet.Id).Ok();
        return [.. reply.Xml.Descendants().Where(one => one.Name.LocalName is "gatewayId" or "natGatewayId").Select(one => one.Value)];
    }
}

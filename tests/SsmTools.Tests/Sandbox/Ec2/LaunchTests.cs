using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ec2;

public sealed class LaunchTests
{
    private readonly SandboxAccount _account = new();

    [Fact]
    public void The_recipes_instance_comes_out_as_it_was_asked_for()
    {
        _account.MakeProfile("web");
        ApiReply reply = _account.Launch(
            "IamInstanceProfile.Name", "web", "MetadataOptions.HttpTokens", "required", "MetadataOptions.HttpPutResponseHopLimit", "64",
            "MetadataOptions.HttpEndpoint", "enabled", "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "Name",
            "TagSpecification.1.Tag.1.Value", "one", "TagSpecification.2.ResourceType", "volume", "TagSpecification.2.Tag.1.Key", "Name",
            "TagSpecification.2.Tag.1.Value", "disk").Ok();
        Assert.Matches("^i-0[0-9a-f]{16}$", reply.Value("instanceId"));
        Assert.Equal("pending", reply.Value("name"));
        Assert.Equal("64", reply.Value("httpPutResponseHopLimit"));
        Assert.Equal("required", reply.Value("httpTokens"));
        Assert.EndsWith(":instance-profile/web", reply.Value("arn"), StringComparison.Ordinal);
        InstanceRecord instance = _account.World.Instances[reply.Value("instanceId")];
        Assert.True(Addresses.Contains(instance.Subnet.Cidr, reply.Value("privateIpAddress")));
        Assert.Equal("one", instance.Tags["Name"]);
        Assert.Equal("disk", instance.RootVolume.Tags["Name"]);
    }

    [Theory]
    [InlineData("InvalidAMIID.NotFound", "ImageId", "ami-0123456789abcdef0")]
    [InlineData("InvalidAMIID.Malformed", "ImageId", "amazon")]
    [InlineData("InvalidSubnetID.NotFound", "SubnetId", "subnet-0123456789abcdef0")]
    [InlineData("InvalidSubnetID.Malformed", "SubnetId", "isolated")]
    [InlineData("InvalidGroup.NotFound", "SecurityGroupId.1", "sg-0123456789abcdef0")]
    [InlineData("InvalidParameterValue", "InstanceType", "t9.nano")]
    [InlineData("InvalidParameterValue", "InstanceType", "t4g.nano")]
    [InlineData("InvalidParameterValue", "IamInstanceProfile.Name", "none")]
    [InlineData("InvalidParameterValue", "IamInstanceProfile.Arn", "arn:aws:iam::123456789012:instance-profile/none")]
    [InlineData("InvalidKeyPair.NotFound", "KeyName", "mine")]
    [InlineData("InvalidParameterValue", "MaxCount", "0")]
    [InlineData("InsufficientFreeAddressesInSubnet", "MaxCount", "252")]
    [InlineData("InvalidParameterValue", "MetadataOptions.HttpPutResponseHopLimit", "65")]
    [InlineData("InvalidParameterValue", "MetadataOptions.HttpTokens", "maybe")]
    [InlineData("InvalidParameterValue", "UserData", "not base64!")]
    [InlineData("InvalidParameterValue", "PrivateIpAddress", "192.168.0.1")]
    [InlineData("UnsupportedOperation", "LaunchTemplate.LaunchTemplateName", "t")]
    public void What_ec2_would_refuse_is_refused_and_nothing_is_made(string code, string name, string value)
    {
        _account.Launch(name, value).Refused(code);
        Assert.Empty(_account.World.Instances);
        Assert.Empty(_account.World.Volumes);
    }

    [Theory]
    [InlineData("aws:mine", "1")]
    [InlineData("", "1")]
    public void Tags_that_aws_refuses_are_refused(string key, string value)
    {
        _account.Launch(
            "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", key, "TagSpecification.1.Tag.1.Value", value)
            .Refused("InvalidParameterValue");
    }

    [Fact]
    public void A_new_profile_is_invisible_for_a_moment_by_name_and_by_arn()
    {
        _account.MakeProfile("old");
        _account.Query("iam", "CreateInstanceProfile", "InstanceProfileName", "new").Ok();
        _account.Query("iam", "CreateRole", "RoleName", "new", "AssumeRolePolicyDocument", SandboxAccount.Ec2Trust).Ok();
        _account.Query("iam", "AddRoleToInstanceProfile", "InstanceProfileName", "new", "RoleName", "new").Ok();
        string arn = _account.World.Profiles["new"].Arn;
        Assert.Equal(
            "Value (new) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
            _account.Launch("IamInstanceProfile.Name", "new").Refused("InvalidParameterValue").Message);
        Assert.EndsWith("Invalid IAM Instance Profile ARN", _account.Launch("IamInstanceProfile.Arn", arn).Refused("InvalidParameterValue").Message, StringComparison.Ordinal);
        _account.Clock.Advance(_account.World.Options.ProfileDelay);
        _account.Launch("IamInstanceProfile.Name", "new").Ok();
        _account.Launch("IamInstanceProfile.Arn", arn).Ok();
    }

    [Fact]
    public void A_profile_without_role_is_refused()
    {
        _account.Query("iam", "CreateInstanceProfile", "InstanceProfileName", "empty").Ok();
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        ApiReply reply = _account.Launch("IamInstanceProfile.Name", "empty").Refused("InvalidParameterValue");
        Assert.EndsWith("has no associated IAM Roles", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_token_makes_one_reservation_of_many_calls()
    {
        ApiReply first = _account.Launch("ClientToken", "t-1").Ok();
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        ApiReply again = _account.Launch("ClientToken", "t-1").Ok();
        Assert.Equal(first.Value("reservationId"), again.Value("reservationId"));
        Assert.Equal(first.Value("instanceId"), again.Value("instanceId"));
        Assert.Single(_account.World.Instances);
        _account.Launch("ClientToken", "t-1", "MaxCount", "2").Refused("IdempotentParameterMismatch");
        _account.Launch("ClientToken", new string('t', 65)).Refused("InvalidParameterValue");
    }

    [Fact]
    public void A_refused_launch_does_not_use_its_client_token_up()
    {
        _account.Launch("ClientToken", "t-1", "KeyName", "mine").Refused("InvalidKeyPair.NotFound");
        _account.Launch("ClientToken", "t-1").Ok();
    }

    [Fact]
    public void A_rehearsal_checks_everything_and_makes_nothing()
    {
        _account.Launch("DryRun", "true").Refused("DryRunOperation", 412);
        _account.Launch("DryRun", "true", "ImageId", "ami-0123456789abcdef0").Refused("InvalidAMIID.NotFound");
        Assert.Empty(_account.World.Instances);

        string id = _account.RunningInstance().Id;
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id, "DryRun", "true").Refused("DryRunOperation", 412);
        _account.Query("ec2", "DescribeVpcs", "DryRun", "true").Refused("DryRunOperation", 412);
        Assert.Equal(InstanceState.Running, _account.World.Instances[id].State);
    }

    [Fact]
    public void No_two_instances_get_one_address()
    {
        ApiReply reply = _account.Launch("MinCount", "200", "MaxCount", "200").Ok();
        string[] addresses = [.. _account.World.Instances.Values.Select(instance => instance.PrivateIp)];
        Assert.Equal(200, addresses.Distinct().Count());
        Assert.All(addresses, address => Assert.True(Addresses.Contains("10.10.0.0/24", address)));
        Assert.Single(reply.Values("reservationId"));
    }

    [Fact]
    public void A_security_group_of_another_network_is_refused()
    {
        string vpc = _account.Query("ec2", "CreateVpc", "CidrBlock", "10.99.0.0/16").Ok().Value("vpcId");
        string group = _account.Query("ec2", "CreateSecurityGroup", "GroupName", "g", "GroupDescription", "d", "VpcId", vpc).Ok().Value("groupId");
        _account.Launch("SecurityGroupId.1", group).Refused("InvalidParameter");
    }
}

using SsmTools.Sandbox.World;
using Xunit;

namespace SsmTools.Tests.Sandbox.Ec2;

public sealed class InstanceTests
{
    private readonly SandboxAccount _account = new();

    [Theory]
    [InlineData("instance-state-name", "running", 2)]
    [InlineData("instance-state-name", "stopped", 0)]
    [InlineData("instance-state-name", "run*", 2)]
    [InlineData("tag:Name", "web-?", 2)]
    [InlineData("tag:Name", "web-1", 1)]
    [InlineData("tag:Name", "WEB-1", 0)]
    [InlineData("tag-key", "Name", 2)]
    [InlineData("tag:Other", "*", 0)]
    [InlineData("instance-type", "t3.nano", 2)]
    [InlineData("architecture", "arm64", 0)]
    public void Filters_choose(string name, string value, int count)
    {
        Two();
        Assert.Equal(count, _account.Query("ec2", "DescribeInstances", "Filter.1.Name", name, "Filter.1.Value.1", value).Ok().Values("instanceId").Count);
    }

    [Fact]
    public void All_filters_must_fit_and_any_of_their_values_may()
    {
        Two();
        ApiReply reply = _account.Query(
            "ec2", "DescribeInstances", "Filter.1.Name", "tag:Name", "Filter.1.Value.1", "web-1", "Filter.1.Value.2", "web-2",
            "Filter.2.Name", "vpc-id", "Filter.2.Value.1", _account.World.Seed.Vpc.Id).Ok();
        Assert.Equal(2, reply.Values("instanceId").Count);
        reply = _account.Query(
            "ec2", "DescribeInstances", "Filter.1.Name", "tag:Name", "Filter.1.Value.1", "web-1",
            "Filter.2.Name", "tag:Name", "Filter.2.Value.1", "web-2").Ok();
        Assert.Empty(reply.Values("instanceId"));
    }

    [Fact]
    public void Unknown_filters_ids_and_tokens_are_refused()
    {
        Two();
        _account.Query("ec2", "DescribeInstances", "Filter.1.Name", "x", "Filter.1.Value.1", "y").Refused("InvalidParameterValue");
        _account.Query("ec2", "DescribeInstances", "InstanceId.1", "i-0123456789abcdef0").Refused("InvalidInstanceID.NotFound");
        _account.Query("ec2", "DescribeInstances", "InstanceId.1", "web").Refused("InvalidInstanceID.Malformed");
        _account.Query("ec2", "DescribeInstances", "NextToken", "web").Refused("InvalidNextToken");
        _account.Query("ec2", "DescribeInstances", "MaxResults", "4").Refused("InvalidParameterValue");
    }

    [Fact]
    public void Pages_hold_every_instance_once()
    {
        _account.Launch("MinCount", "12", "MaxCount", "12").Ok();
        List<string> ids = [];
        string[] token = [];
        while (true)
        {
            ApiReply page = _account.Query("ec2", "DescribeInstances", ["MaxResults", "5", .. token]).Ok();
            ids.AddRange(page.Values("instanceId"));
            if (page.Values("nextToken") is not [string next])
            {
                break;
            }

            token = ["NextToken", next];
        }

        Assert.Equal(12, ids.Distinct().Count());
        Assert.Equal(12, ids.Count);
    }

    [Fact]
    public void Of_several_instances_all_end_or_none()
    {
        string id = _account.RunningInstance().Id;
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id, "InstanceId.2", "i-0123456789abcdef0").Refused("InvalidInstanceID.NotFound");
        Assert.Equal(InstanceState.Running, _account.World.Instances[id].State);
    }

    [Fact]
    public void A_protected_instance_is_not_terminated()
    {
        string id = _account.RunningInstance("web", "DisableApiTermination", "true").Id;
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Refused("OperationNotPermitted");
        _account.Query("ec2", "ModifyInstanceAttribute", "InstanceId", id, "DisableApiTermination.Value", "false").Ok();
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Ok();
        _account.Query("ec2", "TerminateInstances", "InstanceId.1", id).Ok();
        _account.Query("ec2", "StartInstances", "InstanceId.1", id).Refused("IncorrectInstanceState");
    }

    [Fact]
    public void A_profile_is_given_replaced_and_taken()
    {
        _account.MakeProfile("web");
        string id = _account.Launch().Ok().Value("instanceId");
        Assert.Equal("associating", Associate("AssociateIamInstanceProfile", "InstanceId", id).Ok().Value("state"));
        Associate("AssociateIamInstanceProfile", "InstanceId", id).Refused("IncorrectState");
        _account.Clock.Advance(TimeSpan.FromMinutes(1));
        ApiReply listed = _account.Query(
            "ec2", "DescribeIamInstanceProfileAssociations", "Filter.1.Name", "instance-id", "Filter.1.Value.1", id).Ok();
        Assert.Equal("associated", listed.Value("state"));
        string second = Associate("ReplaceIamInstanceProfileAssociation", "AssociationId", listed.Value("associationId")).Ok().Value("associationId");
        _account.Query("ec2", "DisassociateIamInstanceProfile", "AssociationId", second).Ok();
        _account.Query("ec2", "DisassociateIamInstanceProfile", "AssociationId", second).Refused("InvalidAssociationID.NotFound");
        Assert.Null(_account.World.Instances[id].Profile);
    }

    [Fact]
    public void Metadata_options_can_be_changed()
    {
        string id = _account.RunningInstance().Id;
        _account.Query("ec2", "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpEndpoint", "disabled").Ok();
        Assert.False(_account.World.Instances[id].Metadata.Enabled);
        _account.Query("ec2", "ModifyInstanceMetadataOptions", "InstanceId", id, "HttpPutResponseHopLimit", "0").Refused("InvalidParameterValue");
    }

    [Fact]
    public void Tags_come_go_and_are_listed()
    {
        string id = _account.RunningInstance().Id;
        _account.Query("ec2", "CreateTags", "ResourceId.1", id, "Tag.1.Key", "a", "Tag.1.Value", "1", "Tag.2.Key", "b", "Tag.2.Value", "2").Ok();
        _account.Query("ec2", "DeleteTags", "ResourceId.1", id, "Tag.1.Key", "a", "Tag.1.Value", "other", "Tag.2.Key", "b").Ok();
        ApiReply reply = _account.Query("ec2", "DescribeTags", "Filter.1.Name", "resource-id", "Filter.1.Value.1", id).Ok();
        Assert.Equal(["a"], reply.Values("key"));
        Assert.Equal("instance", reply.Value("resourceType"));
        _account.Query("ec2", "CreateTags", "ResourceId.1", "i-0123456789abcdef0", "Tag.1.Key", "a").Refused("InvalidInstanceID.NotFound");
    }

    private ApiReply Associate(string action, string name, string value)
    {
        return _account.Query("ec2", action, name, value, "IamInstanceProfile.Name", "web");
    }

    private void Two()
    {
        foreach (string name in new[] { "web-1", "web-2" })
        {
            _account.Launch(
                "TagSpecification.1.ResourceType", "instance", "TagSpecification.1.Tag.1.Key", "Name", "TagSpecification.1.Tag.1.Value", name).Ok();
        }

        _account.Clock.Advance(TimeSpan.FromMinutes(1));
    }
}

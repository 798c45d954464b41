using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class LaunchTemplateTests
{
    [Fact]
    public void It_is_the_recipes_call()
    {
        LaunchRequest request = new()
        {
            SubnetId = "subnet-0a1b2c3d4e5f67890",
            Name = "web",
            InstanceProfileName = "web-role",
            SecurityGroupIds = ["sg-1"],
            HopLimit = 64,
            Tags = new Dictionary<string, string> { ["Cost"] = "42" },
            UserData = "#!/bin/sh\n",
        };

        RunInstancesRequest run = LaunchTemplate.Build(request, request.Name, "ami-1", request.UserData);

        Assert.Equal("required", run.MetadataOptions?.HttpTokens);
        Assert.Equal("enabled", run.MetadataOptions?.HttpEndpoint);
        Assert.Equal(64, run.MetadataOptions?.HttpPutResponseHopLimit);
        Assert.Null(run.KeyName);
        Assert.Equal("web-role", run.IamInstanceProfile?.Name);
        Assert.Equal("#!/bin/sh\n", run.UserData);
        Assert.Equal(["instance", "volume"], run.TagSpecifications.Select(item => item.ResourceType));
        Assert.All(run.TagSpecifications, item => Assert.Equal(
            ["Name=web", "SsmTools=web", "SsmTools:Image=AmazonLinux2023", "Cost=42"],
            item.Tags.Select(tag => $"{tag.Key}={tag.Value}")));
    }

    [Fact]
    public void An_arn_is_sent_as_an_arn()
    {
        LaunchRequest request = new()
        {
            SubnetId = "subnet-0a1b2c3d4e5f67890",
            InstanceProfileName = "arn:aws:iam::123456789012:instance-profile/web",
        };

        RunInstancesRequest run = LaunchTemplate.Build(request, null, "ami-1", null);

        Assert.Null(run.IamInstanceProfile?.Name);
        Assert.Equal(request.InstanceProfileName, run.IamInstanceProfile?.Arn);
        Assert.Null(run.UserData);
    }
}

using SsmTools.Engine.Aws.Ec2;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class LaunchTokenTests
{
    private static readonly LaunchRequest s_request = new()
    {
        SubnetId = "subnet-0a1b2c3d4e5f67890",
        Name = "web",
        InstanceProfileName = "web",
        Tags = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" },
    };

    [Fact]
    public void The_same_request_has_the_same_token_and_ec2_takes_it()
    {
        string token = Token(s_request);

        Assert.Equal(token, Token(s_request with { Tags = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" } }));
        Assert.InRange(token.Length, 1, 64);
        Assert.All(token, letter => Assert.InRange(letter, '!', '~'));
    }

    [Fact]
    public void Whatever_differs_changes_it()
    {
        string[] tokens =
        [
            Token(s_request),
            Token(s_request, place: 1),
            Token(s_request, predecessors: 1),
            Token(s_request, region: "eu-west-2"),
            Token(s_request, imageId: "ami-2"),
            Token(s_request, userData: "#!/bin/sh"),
            Token(s_request with { SubnetId = "subnet-0a1b2c3d4e5f67891" }),
            Token(s_request with { Name = "web2" }),
            Token(s_request with { InstanceType = "t3.micro" }),
            Token(s_request with { InstanceProfileName = "web2" }),
            Token(s_request with { InstanceProfileName = "arn:aws:iam::1:instance-profile/web" }),
            Token(s_request with { HopLimit = 3 }),
            Token(s_request with { SecurityGroupIds = ["sg-1"] }),
            Token(s_request with { SecurityGroupIds = ["sg-1", "sg-2"] }),
            Token(s_request with { Tags = new Dictionary<string, string> { ["A"] = "1" } }),
            Token(s_request with { Tags = new Dictionary<string, string> { ["A"] = "1;1:B", ["B"] = "2" } }),
        ];

        Assert.Equal(tokens.Length, tokens.Distinct().Count());
    }

    [Fact]
    public void Without_a_name_every_request_has_a_token_of_its_own()
    {
        LaunchRequest unnamed = s_request with { Name = null };

        RunInstancesRequest first = LaunchTemplate.Build(unnamed, null, "ami-1", null);
        RunInstancesRequest second = LaunchTemplate.Build(unnamed, null, "ami-1", null);

        Assert.NotNull(first.ClientToken);
        Assert.NotEqual(first.ClientToken, second.ClientToken);
    }

    private static string Token(
        LaunchRequest request,
        int place = 0,
        int predecessors = 0,
        string region = "eu-west-1",
        string imageId = "ami-1",
        string? userData = null) =>
        LaunchToken.Derive(LaunchTemplate.Build(request, request.Name, imageId, userData), region, place, predecessors);
}

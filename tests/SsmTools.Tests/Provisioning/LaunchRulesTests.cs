using SsmTools.Engine;
using SsmTools.Engine.Provisioning;
using Xunit;

namespace SsmTools.Tests.Provisioning;

public sealed class LaunchRulesTests
{
    private static readonly LaunchRequest s_good = new() { SubnetId = "subnet-0a1b2c3d4e5f67890" };

    public static TheoryData<string, LaunchRequest> Bad => new()
    {
        { "SubnetIdInvalid", s_good with { SubnetId = "web" } },
        { "SubnetIdInvalid", s_good with { SubnetId = "" } },
        { "SubnetIdInvalid", s_good with { SubnetId = "subnet-XYZ" } },
        { "ImageUnknown", s_good with { Image = "AmazonLinux2099" } },
        { "ImageUnknown", s_good with { Image = "" } },
        { "CountInvalid", s_good with { Count = 0 } },
        { "CountInvalid", s_good with { Count = 1001 } },
        { "HopLimitInvalid", s_good with { HopLimit = 0 } },
        { "HopLimitInvalid", s_good with { HopLimit = 65 } },
        { "InstanceNameInvalid", s_good with { Name = "" } },
        { "InstanceNameInvalid", s_good with { Name = new string('n', 257) } },
        { "TagInvalid", s_good with { Name = "a", Tags = new Dictionary<string, string> { ["Name"] = "b" } } },
        { "TagInvalid", s_good with { Tags = new Dictionary<string, string> { ["SsmTools"] = "b" } } },
        { "InstanceProfileNameInvalid", s_good with { InstanceProfileName = "arn:aws:iam::1:role/web" } },
        { "InstanceProfileNameInvalid", s_good with { InstanceProfileName = "a b" } },
        { "ClientTokenInvalid", s_good with { ClientToken = new string('t', 65) } },
        { "ClientTokenInvalid", s_good with { ClientToken = "töken" } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_cannot_be_right_is_said_before_anything_is_called(string errorId, LaunchRequest request)
    {
        EngineException error = Assert.Throws<EngineException>(() => LaunchRules.Check(request));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.NotNull(error.Recommendation);
    }

    [Fact]
    public void The_recipes_request_is_good()
    {
        LaunchRules.Check(s_good with
        {
            Name = "web",
            InstanceProfileName = "arn:aws-cn:iam::123456789012:instance-profile/ops/web",
            HopLimit = 64,
            Image = "ami-0123456789abcdef0",
            Tags = new Dictionary<string, string> { ["Name"] = "web", ["Cost"] = "42" },
        });
    }

    [Fact]
    public void An_unknown_image_is_told_the_known_ones()
    {
        EngineException error = Assert.Throws<EngineException>(() => LaunchRules.Check(s_good with { Image = "Suse" }));

        Assert.All(ImageCatalog.Names, name => Assert.Contains(name, error.Recommendation!, StringComparison.Ordinal));
    }
}
